namespace Interp.Analysis.Entanglement.NoHair;

/// <summary>The measured models of one comparison.</summary>
internal sealed class RunSet : IDisposable
{
    private readonly List<(string Name, RunKind Kind, RunMeasurement Measured, double Norm)> _runs = [];

    /// <summary>How many there are.</summary>
    public int Count => _runs.Count;

    /// <summary>Takes over a measured model.</summary>
    public void Add(string name, RunKind kind, RunMeasurement measured, double norm) => _runs.Add((name, kind, measured, norm));

    /// <summary>The places of one kind.</summary>
    public int[] Indices(RunKind kind) => [.. Enumerable.Range(0, Count).Where(run => _runs[run].Kind == kind)];

    /// <summary>The external distance of two models on each prompt.</summary>
    public double[] External(int first, int second, double[] bounds) =>
        [.. _runs[first].Measured.Entropies.Zip(_runs[second].Measured.Entropies, (a, b) => RunDistances.Profiles(a, b, bounds))];

    /// <summary>The mean external distance between two different prompts of one model.</summary>
    public double BetweenPrompts(int run, double[] bounds)
    {
        var entropies = _runs[run].Measured.Entropies;
        var distances = from i in Enumerable.Range(0, entropies.Length)
                        from j in Enumerable.Range(i + 1, entropies.Length - i - 1)
                        select RunDistances.Profiles(entropies[i], entropies[j], bounds);
        return distances.Average();
    }

    /// <summary>Two models beside each other.</summary>
    public ComparedPair Pair(int first, int second, double[] bounds, double? inside)
    {
        var (a, b) = (_runs[first], _runs[second]);
        var outputs = RunDistances.Outputs(a.Measured.Outputs, b.Measured.Outputs);
        var largest = a.Measured.Entropies.Zip(b.Measured.Entropies, (x, y) => x.Zip(y, (p, q) => Math.Abs(p - q)).Max()).Max();
        return new ComparedPair(a.Name, b.Name, b.Kind, External(first, second, bounds).Average(), largest, inside, outputs.Cosine, outputs.Distance, outputs.Alignment);
    }

    /// <summary>The models in short.</summary>
    public IReadOnlyList<ComparedRun> Summaries(int cuts) => [.. _runs.Select(run => new ComparedRun(
        run.Name,
        run.Kind,
        run.Measured.Loss,
        run.Norm,
        [.. Enumerable.Range(0, cuts).Select(cut => run.Measured.Entropies.Average(prompt => prompt.Where((_, i) => i % cuts == cut).Average()))]))];

    public void Dispose()
    {
        foreach (var run in _runs)
        {
            run.Measured.Dispose();
        }
    }
}
