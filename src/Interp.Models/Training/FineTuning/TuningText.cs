using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training.FineTuning;

/// <summary>The rows of a text: those trained on and those evaluated on.</summary>
/// <param name="Train">The training rows.</param>
/// <param name="Evaluation">The evaluated rows.</param>
internal sealed record TuningText(TokenRows Train, TokenRows Evaluation) : IDisposable
{
    /// <summary>Reads the text, and the evaluation's own where the options name one.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="file">The text, UTF-8.</param>
    /// <param name="options">How it becomes rows.</param>
    /// <exception cref="InterpException">A file is missing or too short.</exception>
    public static TuningText Read(Tokenizer tokenizer, string file, FineTuneOptions options)
    {
        var rows = Rows(tokenizer, file, options);
        if (!string.IsNullOrEmpty(options.EvaluationFile))
        {
            var own = Rows(tokenizer, options.EvaluationFile, options);
            return new TuningText(Build(rows), Build([.. own.Take(options.EvaluationRows)]));
        }

        if (rows.Count < 2)
        {
            throw new InterpException($"{file} makes {rows.Count} rows of {options.Length} tokens, too few to train on some and keep some back: give more text, a shorter length, or an evaluation file");
        }

        var order = SplitMix64.ForStream(options.Seed, "held-out rows").Permutation(rows.Count);
        var kept = Math.Clamp((int)Math.Round(rows.Count * options.HeldOut), 1, rows.Count - 1);
        return new TuningText(
            Build([.. order[kept..].Order().Select(row => rows[row])]),
            Build([.. order[..kept].Order().Take(options.EvaluationRows).Select(row => rows[row])]));
    }

    /// <summary>The rows on a device; these are freed, or are what is returned.</summary>
    public TuningText MovedTo(Device device) => new(Train.MovedTo(device), Evaluation.MovedTo(device));

    public void Dispose()
    {
        Train.Dispose();
        Evaluation.Dispose();
    }

    private static TokenRows Build(IReadOnlyList<int[]> rows) => TokenRows.FromRows(rows);

    private static List<int[]> Rows(Tokenizer tokenizer, string file, FineTuneOptions options)
    {
        if (!File.Exists(file))
        {
            throw new InterpException($"{file}: there is no such file; check the path");
        }

        int[] begin = tokenizer.AddsBegin ? [tokenizer.BeginId!.Value] : [];
        var rows = options.Rows == TextRows.Lines ? Lines(tokenizer, file, begin, options) : Pieces(tokenizer, file, begin, options.Length);
        return rows.Count > 0 ? rows : throw new InterpException($"{file} makes no row of {options.Length} tokens: give more text or a shorter length");
    }

    private static List<int[]> Lines(Tokenizer tokenizer, string file, int[] begin, FineTuneOptions options)
    {
        int[] end = tokenizer.EndId is { } id && !options.WithoutEnd ? [id] : [];
        return [.. File.ReadLines(file).Where(line => line.Length > 0)
            .Select(line => (int[])[.. begin, .. tokenizer.Encode(line, SpecialTokens.None), .. end])
            .Where(row => row.Length > 1)
            .Select(row => row[..Math.Min(row.Length, options.Length + 1)])];
    }

    // A piece has one token more than positions, the last of which is only predicted; where texts begin with a token, every piece does.
    private static List<int[]> Pieces(Tokenizer tokenizer, string file, int[] begin, int length)
    {
        var ids = tokenizer.Encode(File.ReadAllText(file), SpecialTokens.None);
        var own = length - begin.Length;
        var rows = new List<int[]>();
        for (var start = 0; start + own + 1 <= ids.Length; start += own)
        {
            rows.Add([.. begin, .. ids.AsSpan(start, own + 1)]);
        }

        return rows;
    }
}
