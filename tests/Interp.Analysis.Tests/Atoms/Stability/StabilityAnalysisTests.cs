using Interp.Analysis.Atoms;
using Interp.Analysis.Atoms.Stability;
using Interp.Compute;
using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Atoms.Stability;

public sealed class StabilityAnalysisTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_same_directions_in_another_order_are_all_found_and_random_ones_are_not()
    {
        using var scope = NewDisposeScope();
        var rows = Unit(40, 16, 1);
        Save("a", rows);
        Save("b", rows.flip(0).contiguous());
        Save("c", Unit(60, 16, 2));
        var result = StabilityAnalysis.Run(new StabilityInput(At("a")), new StabilityOptions { Others = [At("b"), At("c")] });
        Assert.Equal(4, result.Rows.Count);
        var same = result.Rows[0];
        Assert.Equal(("dictionary", "euclidean", 40, 40), (same.Directions, same.Metric, same.Latents, same.OtherLatents));
        Assert.All([same.MeanMaximum, same.MeanMaximumBack, same.Matched, same.ShareAbove09, same.MutualShare], value => Assert.Equal(1, value, 1e-5));
        var (other, control) = (result.Rows[2], result.Rows[3]);
        Assert.Equal((60, "random"), (other.OtherLatents, control.Directions));
        // Both are chance: random against random.
        Assert.Equal(control.MeanMaximum, other.MeanMaximum, 0.06);
        Assert.True(other.Matched < other.MeanMaximum);
        Assert.Equal((same.MeanMaximum + other.MeanMaximum) / 2, result.MeanMaximum, 1e-9);
        Assert.Equal(result.Latents.Average(latent => latent.MeanMaximum), result.MeanMaximum, 1e-9);
        Assert.Single(result.Warnings);
    }

    [Fact]
    public void Greatest_cosines_equal_those_of_the_whole_matrix_and_an_opposite_is_not_found()
    {
        using var scope = NewDisposeScope();
        var (own, other) = (Unit(30, 8, 3), Unit(25, 8, 4));
        other[7] = -own[3];
        var found = DirectionMatch.Of(own, other, CancellationToken.None);
        var cosines = own.matmul(other.t()).to(ScalarType.Float64);
        Assert.Equal(cosines.amax([1]).data<double>().ToArray(), found.Maxima);
        Assert.Equal(cosines.amax([0]).mean().item<double>(), found.MeanBack, 1e-12);
        Assert.True(found.Maxima[3] < 0.999);
    }

    [Fact]
    public void The_assignment_equals_the_best_of_all_orders()
    {
        var random = SplitMix64.ForStream(5, "values");
        foreach (var (rows, columns) in new[] { (5, 5), (4, 6), (6, 4) })
        {
            var values = new double[rows, columns];
            for (var i = 0; i < rows * columns; i++)
            {
                values[i / columns, i % columns] = random.NextNormal();
            }

            var (few, many) = (Math.Min(rows, columns), Math.Max(rows, columns));
            var best = Orders(Enumerable.Range(0, many).ToArray(), few).Max(order => order.Index().Sum(entry => rows <= columns ? values[entry.Index, entry.Item] : values[entry.Item, entry.Index]));
            Assert.Equal(best / few, Assignment.MeanOfBest(values), 1e-12);
        }
    }

    [Fact]
    public void With_activations_only_living_latents_count_and_the_atomic_metric_stands_beside()
    {
        using var scope = NewDisposeScope();
        SyntheticFeatures.Write(At("acts"), 500, 12, 20, 3).Dispose();
        var rows = Unit(24, 12, 1);
        Save("a", rows, deadFrom: 20);
        Save("b", rows, deadFrom: 22);
        var result = StabilityAnalysis.Run(new StabilityInput(At("a"), At("acts")), new StabilityOptions { Others = [At("b")] });
        Assert.Equal(["euclidean", "euclidean", "atomic", "atomic"], result.Rows.Select(row => row.Metric));
        Assert.All(result.Rows, row => Assert.InRange(row.OtherLatents, row.Latents, 22));
        Assert.DoesNotContain(result.Latents, latent => latent.Latent >= 20);
        Assert.Equal(1, result.Rows[2].MeanMaximum, 1e-5);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_and_nothing_stays_behind()
    {
        using (var scope = NewDisposeScope())
        {
            Save("a", Unit(8, 6, 1));
            Save("wide", Unit(8, 7, 1));
        }

        Assert.Contains("--others", Assert.Throws<InterpException>(() => StabilityAnalysis.Run(new StabilityInput(At("a")), new StabilityOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("7 wide", Assert.Throws<InterpException>(() => StabilityAnalysis.Run(new StabilityInput(At("a")), new StabilityOptions { Others = [At("wide")] })).Message, StringComparison.Ordinal);
        LiveTensors.AssertNoGrowth(() => StabilityAnalysis.Run(new StabilityInput(At("a")), new StabilityOptions { Others = [At("a")] }));
    }

    private static IEnumerable<int[]> Orders(int[] from, int count) => count == 0
        ? [[]]
        : from.SelectMany(first => Orders([.. from.Where(other => other != first)], count - 1).Select(rest => (int[])[first, .. rest]));

    private static Tensor Unit(int count, int width, long seed)
    {
        var random = SplitMix64.ForStream(seed, "directions");
        var rows = tensor([.. Enumerable.Range(0, count * width).Select(_ => (float)random.NextNormal())], count, width);
        return rows / rows.norm(1, keepdim: true);
    }

    private void Save(string name, Tensor decoder, int deadFrom = int.MaxValue)
    {
        var width = (int)decoder.shape[0];
        var bias = zeros(width);
        if (deadFrom < width)
        {
            bias.narrow(0, deadFrom, width - deadFrom).fill_(-1e6f);
        }

        using var dictionary = SparseAutoencoder.Create(
            new DictionaryInfo { Architecture = DictionaryArchitecture.Standard }, decoder.t().contiguous(), bias, decoder.clone(), zeros(decoder.shape[1]));
        dictionary.Save(At(name));
    }

    private string At(string name) => Path.Combine(_folder, name);
}
