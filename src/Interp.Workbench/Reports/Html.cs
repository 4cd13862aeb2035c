using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Interp.Workbench.Reports;

/// <summary>Writes HTML: whatever is not markup of ours goes through <see cref="Text"/>.</summary>
internal static class Html
{
    // Everything but what could be markup stays readable in the file.
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    // Longer cells are prose, whatever their column: they break into lines.
    private const int LongestNumber = 40;

    /// <summary>Text as it may stand between tags and inside quoted attributes.</summary>
    public static string Text(string? text) => string.IsNullOrEmpty(text) ? "" : s_encoder.Encode(text);

    /// <summary>A name made of what may stand in an id and in a link.</summary>
    public static string Id(string prefix, string name) =>
        $"{prefix}-{string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'))}";

    /// <summary>Starts a table with headings; ends with <see cref="EndTable"/>.</summary>
    public static void BeginTable(TextWriter writer, params IEnumerable<string> headings) =>
        writer.Write($"<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>{string.Concat(headings.Select(heading => $"<th scope=\"col\">{Text(heading)}</th>"))}</tr></thead><tbody>\n");

    /// <summary>A row: its heading, then cells of encoded HTML.</summary>
    public static void Row(TextWriter writer, string heading, params IEnumerable<string> cells) =>
        writer.Write($"<tr><th scope=\"row\">{Text(heading)}</th>{string.Concat(cells.Select(cell => cell.Length <= LongestNumber ? $"<td class=\"number\">{cell}</td>" : $"<td>{cell}</td>"))}</tr>\n");

    /// <summary>A row whose cells are prose.</summary>
    public static void TextRow(TextWriter writer, string heading, params IEnumerable<string> cells) =>
        writer.Write($"<tr><th scope=\"row\">{Text(heading)}</th>{string.Concat(cells.Select(cell => $"<td>{cell}</td>"))}</tr>\n");

    /// <summary>Ends a table.</summary>
    public static void EndTable(TextWriter writer) => writer.Write("</tbody></table></div>\n");
}
