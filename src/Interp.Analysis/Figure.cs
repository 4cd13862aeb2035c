using Plotly.Blazor;

namespace Interp.Analysis;

/// <summary>
/// One figure of a result: Plotly traces and a layout, with words for those who cannot see it. The web page, the notebook
/// and the report draw the same figure.
/// </summary>
/// <param name="Name">A stable short name within the run, for links and files ("cosine-histogram").</param>
/// <param name="Title">The heading.</param>
/// <param name="Description">What is drawn, the units, and how to read it, in one or two sentences.</param>
/// <param name="Data">The traces; large ones hold <c>float</c> lists and are sent to the browser as binary.</param>
/// <param name="Layout">Axes and annotations; colours and fonts of the theme are added by whoever draws it.</param>
public sealed record Figure(string Name, string Title, string Description, IReadOnlyList<ITrace> Data, Layout Layout);
