using Interp.Analysis.Activations.Capture;
using Interp.Compute;

namespace Interp.Analysis.Tests.Activations.Capture;

public sealed class TextPartsTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(128)]
    [InlineData(1000)]
    [InlineData(1 << 16)]
    public void Every_line_is_in_exactly_one_part_and_parts_end_with_lines(int partBytes)
    {
        string[] lines = [.. Enumerable.Range(0, 300).Select(i => $"{i:D4} žluťoučký {new string('x', i % 60)}\n")];
        File.WriteAllText(_path, string.Concat(lines));
        var parts = TextParts.Read(_path, 1, partBytes).ToArray();
        Assert.All(parts, part => Assert.EndsWith("\n", part, StringComparison.Ordinal));
        Assert.Equal(lines, parts.SelectMany(part => part.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line => line + "\n").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Text_without_line_ends_is_cut_between_characters()
    {
        var text = string.Concat(Enumerable.Repeat("ěščř😀", 200));
        File.WriteAllText(_path, text);
        var parts = TextParts.Read(_path, 1, 100).ToArray();
        Assert.True(parts.Length > 10);
        Assert.Equal(text.Length, parts.Sum(part => part.Length));
        Assert.DoesNotContain(parts, part => part.Contains('�', StringComparison.Ordinal));
    }

    [Fact]
    public void The_seed_fixes_the_order()
    {
        File.WriteAllText(_path, string.Concat(Enumerable.Range(0, 500).Select(i => $"{i:D6}\n")));
        Assert.Equal(TextParts.Read(_path, 1, 100), TextParts.Read(_path, 1, 100));
        Assert.NotEqual(TextParts.Read(_path, 1, 100), TextParts.Read(_path, 2, 100));
    }

    [Fact]
    public void A_byte_order_mark_is_no_text()
    {
        File.WriteAllBytes(_path, [0xEF, 0xBB, 0xBF, (byte)'a', (byte)'b']);
        Assert.Equal(["ab"], TextParts.Read(_path, 1, 100));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x41, 0x00 }, "is no UTF-8 text")]
    [InlineData(new byte[0], "is empty")]
    public void What_is_no_text_is_refused(byte[] bytes, string expected)
    {
        File.WriteAllBytes(_path, bytes);
        Assert.Contains(expected, Assert.Throws<InterpException>(() => TextParts.Read(_path, 1, 100).ToArray()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("no such file", Assert.Throws<InterpException>(() => TextParts.Read(_path + ".none", 1, 100).ToArray()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_list_of_texts_gives_each_once_in_a_seeded_order()
    {
        var path = Path.ChangeExtension(_path, ".json");
        try
        {
            File.WriteAllText(path, """["a\nb", "", "c", "d"]""");
            Assert.Equal(["a\nb", "c", "d"], TextParts.Read(path, 1, 100).Order(StringComparer.Ordinal));
            Assert.Equal(TextParts.Read(path, 3, 100), TextParts.Read(path, 3, 7));
            File.WriteAllText(path, """{"texts": ["x"]}""");
            Assert.Equal(["x"], TextParts.Read(path, 1, 100));
            File.WriteAllText(path, "[1]");
            Assert.Contains("list of texts", Assert.Throws<InterpException>(() => TextParts.Read(path, 1, 100).ToArray()).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
