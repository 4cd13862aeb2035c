using Interp.Analysis.Activations;
using Interp.Compute;
using Interp.Models.Tokenization;

namespace Interp.Analysis.Atoms.Probing;

/// <summary>The label of every row of a store, and the labels' names.</summary>
/// <param name="Task">What the labels are.</param>
/// <param name="Labels">One a row; −1 where the row has none.</param>
/// <param name="Names">One a label.</param>
internal sealed record LabelledRows(ProbeTask Task, int[] Labels, IReadOnlyList<string> Names)
{
    private const int Letters = 26;
    private const int PieceRows = 1 << 16;

    /// <summary>Labels the rows of a store.</summary>
    /// <exception cref="InterpException">The task needs what the store or the model does not have.</exception>
    public static LabelledRows Of(ActivationStore store, Tokenizer? tokenizer, ProbeTask task)
    {
        var modulus = store.Manifest.Origin.Modulus;
        var chosen = task != ProbeTask.Auto ? task : modulus is not null ? ProbeTask.Answer : tokenizer is not null ? ProbeTask.FirstLetter : ProbeTask.Token;
        return chosen switch
        {
            ProbeTask.Answer => Answers(store, modulus ?? throw new InterpException($"{store.Folder}: is of no modular-addition task, so rows have no answer: choose --task first-letter or token")),
            ProbeTask.FirstLetter => FirstLetters(store, tokenizer ?? throw new InterpException("first letters need the text of tokens: give the model whose tokenizer it was with --model")),
            _ => Tokens(store, tokenizer),
        };
    }

    private static LabelledRows Answers(ActivationStore store, int modulus)
    {
        var documents = All(store, store.Documents);
        return new LabelledRows(
            ProbeTask.Answer, [.. documents.Select(document => ((document / modulus) + (document % modulus)) % modulus)], [.. Enumerable.Range(0, modulus).Select(answer => $"{answer}")]);
    }

    private static LabelledRows FirstLetters(ActivationStore store, Tokenizer tokenizer)
    {
        var letters = new Dictionary<int, int>();
        int[] labels =
        [
            .. All(store, store.TokenIds).Select(id => letters.TryGetValue(id, out var letter) ? letter : letters[id] = FirstLetter(tokenizer.TokenBytes(id))),
        ];
        return labels.All(label => label < 0)
            ? throw new InterpException($"{store.Folder}: no token begins a word with a space and a letter from a to z, so there are no first letters: choose --task token")
            : new LabelledRows(ProbeTask.FirstLetter, labels, [.. Enumerable.Range(0, Letters).Select(i => ((char)('a' + i)).ToString())]);
    }

    /// <summary>0 for a space and "a" or "A", …; −1 where the token begins no word of letters.</summary>
    private static int FirstLetter(ReadOnlySpan<byte> token)
    {
        if (token.Length < 2 || token[0] != (byte)' ')
        {
            return -1;
        }

        var letter = token[1] | 0x20;
        return letter is >= 'a' and <= 'z' ? letter - 'a' : -1;
    }

    private static LabelledRows Tokens(ActivationStore store, Tokenizer? tokenizer)
    {
        var ids = All(store, store.TokenIds);
        var labels = ids.Distinct().Order().Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        return new LabelledRows(ProbeTask.Token, [.. ids.Select(id => labels[id])], [.. labels.Keys.Select(id => tokenizer?.TokenText(id) ?? $"#{id}")]);
    }

    private static int[] All(ActivationStore store, Func<long, int, int[]> read)
    {
        var values = new int[store.Rows];
        for (long first = 0; first < values.Length; first += PieceRows)
        {
            read(first, (int)Math.Min(PieceRows, values.Length - first)).CopyTo(values, first);
        }

        return values;
    }
}
