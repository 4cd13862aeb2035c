namespace Interp.Models.Tokenization.Splitting;

/// <summary>Cuts by one splitter after the other.</summary>
internal sealed class SplitterSequence : ISplitter
{
    public SplitterSequence(IReadOnlyList<ISplitter> splitters)
    {
        Splitters = splitters;
    }

    /// <summary>The splitters in order.</summary>
    public IReadOnlyList<ISplitter> Splitters { get; }

    /// <inheritdoc/>
    public void Split(AlignedText text, List<AlignedText> pieces)
    {
        List<AlignedText> current = [text];
        foreach (var splitter in Splitters)
        {
            List<AlignedText> next = [];
            foreach (var piece in current)
            {
                if (piece.Text.Length > 0)
                {
                    splitter.Split(piece, next);
                }
            }

            current = next;
        }

        pieces.AddRange(current);
    }
}
