namespace Interp.Analysis.Atoms.Probing;

/// <summary>The figures of a probing.</summary>
public static class ProbingFigures
{
    /// <summary>Draws what few latents and few neurons hold of the task, and absorption by class.</summary>
    public static IReadOnlyList<Figure> Draw(ProbingResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        const string Sparse = "What few features hold of the task";
        const string Absorbed = "Rows on which a class's latents are silent";
        double[] counts = [.. result.Sparse.Select(row => (double)row.Count)];
        return
        [
            new Figure(
                "sparse-probing",
                Sparse,
                "Held-out accuracy, mean over classes, as many rows of a class as not, so that 0.5 is chance. Latents tell more than as many neurons where the dictionary has found the task's features.",
                [
                    FigureTraces.Measured("latents", counts, [.. result.Sparse.Select(row => row.Latents.Accuracy)]),
                    FigureTraces.Measured("neurons", counts, [.. result.Sparse.Select(row => row.Neurons.Accuracy)]),
                    FigureTraces.Line("whole activation", [counts[0], counts[^1]], [result.Dense.Accuracy, result.Dense.Accuracy]),
                ],
                FigureLayout.LogX(Sparse, "features that the probe reads", "accuracy on held-out rows (share)")),
            new Figure(
                "absorption",
                Absorbed,
                "For each class the share of held-out rows that the dense probe gets right and no latent of the class fires on, and of those on which one other latent stands in.",
                [
                    FigureTraces.Bars("silent", result.Classes.Select(entry => entry.Label), result.Classes.Select(entry => entry.Missed)),
                    FigureTraces.Bars("absorbed", result.Classes.Select(entry => entry.Label), result.Classes.Select(entry => entry.Absorbed)),
                ],
                FigureLayout.Categories(Absorbed, "class", "share of rows")),
        ];
    }
}
