namespace Interp.Models.Tokenization.Segmentation;

/// <summary>Finds every piece of a vocabulary that starts at a place of a text.</summary>
internal sealed class PieceTrie
{
    private readonly Dictionary<(int Node, char Unit), int> _children = [];
    private readonly List<int> _values = [-1];

    /// <summary>Adds a piece; a later one of the same text replaces it.</summary>
    public void Add(string piece, int value)
    {
        var node = 0;
        foreach (var unit in piece)
        {
            if (!_children.TryGetValue((node, unit), out var child))
            {
                child = _values.Count;
                _values.Add(-1);
                _children.Add((node, unit), child);
            }

            node = child;
        }

        _values[node] = value;
    }

    /// <summary>Walks from a node along one unit.</summary>
    /// <returns>False when no piece goes on so.</returns>
    public bool TryStep(char unit, ref int node, out int value)
    {
        if (!_children.TryGetValue((node, unit), out node))
        {
            value = -1;
            return false;
        }

        value = _values[node];
        return true;
    }

    /// <summary>The value and length of the longest piece that the text starts with, or a length of 0.</summary>
    public (int Value, int Length) Longest(ReadOnlySpan<char> text)
    {
        var (node, best) = (0, (-1, 0));
        for (var i = 0; i < text.Length && TryStep(text[i], ref node, out var value); i++)
        {
            best = value >= 0 ? (value, i + 1) : best;
        }

        return best;
    }
}
