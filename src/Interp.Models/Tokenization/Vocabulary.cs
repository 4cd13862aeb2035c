namespace Interp.Models.Tokenization;

/// <summary>The pieces of a model and their ids; a piece's text is unique, ids may have gaps.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly string?[] _texts;

    public Vocabulary(Dictionary<string, int> ids)
    {
        _ids = ids;
        Spans = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var highest = -1;
        foreach (var id in ids.Values)
        {
            highest = Math.Max(highest, id);
        }

        _texts = new string?[highest + 1];
        foreach (var (text, id) in ids)
        {
            _texts[id] = text;
        }
    }

    /// <summary>One more than the highest id.</summary>
    public int Count => _texts.Length;

    /// <summary>Ids by parts of a text, without making strings.</summary>
    public Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Spans { get; }

    /// <summary>The id of a piece, or null.</summary>
    public int? IdOf(string text) => _ids.TryGetValue(text, out var id) ? id : null;

    /// <summary>The piece of an id, or null.</summary>
    public string? TextOf(int id) => id >= 0 && id < _texts.Length ? _texts[id] : null;

    /// <summary>The ids of `&lt;0x00&gt;` to `&lt;0xFF&gt;`, -1 where a byte has none.</summary>
    public int[] ByteIds()
    {
        var ids = new int[256];
        for (var value = 0; value < 256; value++)
        {
            ids[value] = IdOf(ByteToken.Text((byte)value)) ?? -1;
        }

        return ids;
    }
}
