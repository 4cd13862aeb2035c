using System.Text.Json;

namespace Interp.Workbench.Figures;

/// <summary>One figure as it is stored in <c>figures.json</c> and handed to plotly.js: words for the reader, and plotly's own JSON.</summary>
/// <param name="Name">A stable short name within the run ("cosine-histogram").</param>
/// <param name="Title">The heading.</param>
/// <param name="Description">What is drawn, the units, and how to read it.</param>
/// <param name="Data">A JSON array of plotly.js traces; numbers that are not finite are null.</param>
/// <param name="Layout">A plotly.js layout object, without the theme's colours and fonts.</param>
public sealed record FigureDocument(string Name, string Title, string Description, JsonElement Data, JsonElement Layout);
