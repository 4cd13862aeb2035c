using System.Text.Json;
using Interp.Analysis.Capacity;
using Interp.Compute;
using Interp.Compute.Kernels.Cosines;
using Interp.Models;
using Interp.Models.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Capacity;

public sealed class CapacityAnalysisTests
{
    private const double Float64Tolerance = 1e-9;

    [Fact]
    public void Groups_of_rows_have_the_moments_of_their_rows_alone_and_of_the_rest()
    {
        using var scope = NewDisposeScope();
        var rows = RandomTensor.Normal(60, 7);
        rows[5].zero_();
        int[] groups = [.. Enumerable.Range(0, 60).Select(row => row < 20 ? 0 : row < 59 ? 1 : 3)];
        var found = RowCosines.MomentsByGroup(rows, groups);
        Assert.Equal([19L, 39L, 0L, 1L], found.Select(group => group.Rows));
        for (var group = 0; group < 2; group++)
        {
            var inside = tensor(Enumerable.Range(0, 60).Where(row => groups[row] == group).Select(row => (long)row).ToArray());
            var outside = tensor(Enumerable.Range(0, 60).Where(row => groups[row] != group).Select(row => (long)row).ToArray());
            var (within, without) = (RowCosines.Moments(rows.index_select(0, inside)), RowCosines.Moments(rows.index_select(0, outside)));
            Assert.Equal(within.Mean, found[group].Within!.Mean, 1e-12);
            Assert.Equal(within.StandardDeviation, found[group].Within!.StandardDeviation, 1e-12);
            Assert.Equal(without.Mean, found[group].Without!.Mean, 1e-12);
            Assert.Equal(without.StandardDeviation, found[group].Without!.StandardDeviation, 1e-12);
            Assert.Equal(within.ZeroRows, found[group].Within!.ZeroRows);
            Assert.Equal(without.ZeroRows, found[group].Without!.ZeroRows);
        }

        Assert.Null(found[2].Within);
        Assert.Null(found[3].Within);
        Assert.Equal(RowCosines.Moments(rows).Mean, found[2].Without!.Mean, 1e-12);
    }

    [Fact]
    public void Tokens_are_sorted_by_kind()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "calendar"));
        using var input = CapacityInput.Open(new AnalysisSources { Model = model, OutputFolder = "" }, new CapacityOptions());
        var groups = TokenGroups.Of(input, default);
        Assert.Equal(input.Rows.shape[0], groups.Sum(group => group.Rows));
        Assert.Contains(groups, group => group.Name == "words after a space" && group.Rows > 50);
        var tokenizer = model.Tokenizer!;
        Assert.Equal(4, TokenGroups.Kind(tokenizer, tokenizer.Encode(" Monday", SpecialTokens.None)[0]));
        Assert.Equal(3, TokenGroups.Kind(tokenizer, tokenizer.Encode(".", SpecialTokens.None)[0]));
        Assert.Equal(6, TokenGroups.Kind(tokenizer, tokenizer.Count));
    }

    [Fact]
    public void Independent_random_directions_have_the_epsilon_of_chance()
    {
        using var rows = RandomTensor.Normal(2000, 512);
        var result = Run(rows);

        // √(2/pairs) of 1/√d, a relative error of about 1e-3 in the deviation.
        Assert.Equal(2 / Math.Sqrt(512), result.EpsilonRandom, Float64Tolerance);
        Assert.Equal(1, result.EpsilonRatio, 5e-3);
        Assert.Equal(CapacityClass.NearOrthogonal, result.Class);
        Assert.Equal(CapacityFormulas.FourParameter(512, result.Epsilon), result.Capacity.Adjusted);
        Assert.InRange(result.Capacity.Adjusted!.Value, result.Capacity.AdjustedLow!.Value, result.Capacity.AdjustedHigh!.Value);
        Assert.Equal(2000L * 1999 / 2, result.Histogram.Counts.Sum());
        Assert.InRange(result.ShareAbove, 0.02, 0.025);
        Assert.InRange(result.EpsilonError!.Value, 1e-7, 2e-3 * result.Epsilon);
        Assert.Equal(result.Mean, Binned(result), 1e-5);
        Assert.Equal(result.Quantiles[4].Cosine, result.Mean, 1e-3);
    }

    [Fact]
    public void Orthonormal_rows_have_epsilon_zero_and_the_capacity_of_it()
    {
        using var rows = eye(64);
        var result = Run(rows);
        Assert.Equal(0, result.Epsilon, 1e-12);
        Assert.Equal(CapacityClass.NearOrthogonal, result.Class);
        Assert.Equal(Math.Ceiling(Math.Pow(64, 1 / 1.0668005)), result.Capacity.Adjusted);
        Assert.Equal(1, result.Capacity.JohnsonLindenstrauss!.Value, 1e-12);
    }

    [Fact]
    public void The_cross_polytope_is_dense_and_gets_no_capacity()
    {
        using var rows = cat([eye(8), -eye(8)], 0);
        var result = Run(rows);
        Assert.Equal(0.4322209849, result.Epsilon, Float64Tolerance);
        Assert.Equal(CapacityClass.Dense, result.Class);
        Assert.Null(result.Capacity.Adjusted);
        Assert.Null(result.Headroom);
        Assert.Equal(8, result.Histogram.Counts[0]);
        Assert.Contains(result.Warnings, warning => warning.Contains("dense", StringComparison.Ordinal));
    }

    [Fact]
    public void The_closest_pairs_are_the_duplicates_and_zero_rows_are_reported()
    {
        using var rows = RandomTensor.Normal(50, 30);
        rows[7] = rows[3] * 2;
        rows[11] = zeros(30);
        var result = Run(rows, new CapacityOptions { ClosestPairs = 3 });
        Assert.Equal((3, 7), (result.ClosestPairs[0].First, result.ClosestPairs[0].Second));
        Assert.Equal(1, result.ClosestPairs[0].Cosine, 1e-6);
        Assert.Equal(3, result.ClosestPairs.Count);
        Assert.Equal((49, 1), (result.Vocabulary, result.ZeroRows));
    }

    [Fact]
    public void A_common_direction_raises_epsilon_and_centring_removes_it()
    {
        using var rows = RandomTensor.Normal(600, 64);
        using var shifted = rows + 1;
        Assert.True(Run(shifted).Epsilon > 2 * Run(rows).Epsilon);
        Assert.Equal(Run(rows).CentredEpsilon!.Value, Run(shifted).CentredEpsilon!.Value, 1e-6);
        using var equal = ones(9, 4);
        Assert.Null(Run(equal).CentredEpsilon);
    }

    [Fact]
    public void A_sampled_histogram_says_so_and_leaves_epsilon_alone()
    {
        using var rows = RandomTensor.Normal(400, 32);
        var whole = Run(rows);
        var sampled = Run(rows, new CapacityOptions { HistogramRows = 100 });
        Assert.Equal(whole.Epsilon, sampled.Epsilon);
        Assert.Equal(100, sampled.HistogramRows);
        Assert.Contains(sampled.Warnings, warning => warning.Contains("sampled", StringComparison.Ordinal));
    }

    [Fact]
    public void The_result_has_the_keys_that_other_programs_rely_on()
    {
        using var rows = RandomTensor.Normal(300, 512);
        using var json = JsonSerializer.SerializeToDocument(Run(rows), ResultJson.Options);
        foreach (var key in (string[])["vocabulary", "dimension", "mean", "standardDeviation", "epsilon", "epsilonRandom", "epsilonRatio", "quantiles"])
        {
            Assert.True(json.RootElement.TryGetProperty(key, out _), key);
        }

        Assert.Equal("near-orthogonal", json.RootElement.GetProperty("class").GetString());
        Assert.True(json.RootElement.GetProperty("capacity").GetProperty("adjustedHigh").GetDouble() > 0);
        Assert.Equal(8193, json.RootElement.GetProperty("histogram").GetProperty("edges").GetArrayLength());
        Assert.Equal(8192, json.RootElement.GetProperty("histogram").GetProperty("counts").GetArrayLength());
    }

    [Fact]
    public void The_shipped_model_is_measured_through_the_catalogue_with_its_figures()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var sources = new AnalysisSources { Model = model, OutputFolder = "" };
        var entry = AnalysisCatalogue.Find("capacity");
        using var outcome = entry.Run(sources, new CapacityOptions());
        var result = Assert.IsType<CapacityResult>(outcome.Result);
        Assert.Equal((60, 64), (result.Vocabulary, result.Dimension));
        Assert.Equal(result.ClosestPairs[0].First.ToString(System.Globalization.CultureInfo.InvariantCulture), result.ClosestPairs[0].FirstText);
        Assert.Equal(5, outcome.Figures.Count);
        Assert.All(outcome.Figures, figure => Assert.False(string.IsNullOrEmpty(figure.Layout.YAxis[0].Title.Text)));
        using var unembedding = entry.Run(sources, new CapacityOptions { Matrix = EmbeddingMatrix.Unembedding });
        Assert.Equal(59, ((CapacityResult)unembedding.Result).Vocabulary);
    }

    /// <summary>Two thousand rows of width 64: everything that the histogram says against a double loop in float64.</summary>
    [Fact]
    public void Bins_quantiles_and_neighbours_are_those_of_a_float64_double_loop()
    {
        using var rows = RandomTensor.Normal(2000, 64, seed: 3);
        var result = Run(rows, new CapacityOptions { Tokens = ["0", "1999"], Neighbours = 10 });
        var unit = UnitRows(rows);
        var counts = new long[8192];
        var pairs = new List<double>();
        for (var i = 0; i < 2000; i++)
        {
            for (var j = i + 1; j < 2000; j++)
            {
                var cosine = Dot(unit[i], unit[j]);
                pairs.Add(cosine);
                counts[Math.Min((int)Math.Floor((cosine + 1) * 4096), 8191)]++;
            }
        }

        Assert.Equal(counts, result.Histogram.Counts);
        pairs.Sort();
        Assert.Equal(pairs[0], result.Minimum, 1e-12);
        Assert.Equal(pairs[^1], result.Maximum, 1e-12);
        foreach (var quantile in result.Quantiles)
        {
            Assert.Equal(pairs[(int)(quantile.Share * (pairs.Count - 1))], quantile.Cosine, 2.5e-4);
        }

        foreach (var asked in result.Neighbours)
        {
            var order = Enumerable.Range(0, 2000).Where(row => row != asked.Row).OrderByDescending(row => Dot(unit[asked.Row], unit[row])).ToArray();
            Assert.Equal(order[..10], asked.Nearest.Select(other => other.Row));
            Assert.Equal(order.Reverse().Take(10), asked.Farthest.Select(other => other.Row));
            Assert.Equal(Dot(unit[asked.Row], unit[order[0]]), asked.Nearest[0].Cosine, 1e-12);
        }
    }

    [Fact]
    public void One_row_NaN_rows_and_rows_of_width_one_are_defined_or_refused()
    {
        using var one = ones(1, 3);
        Assert.Contains("two rows", Assert.Throws<InterpException>(() => Run(one)).Message, StringComparison.Ordinal);
        using var broken = RandomTensor.Normal(9, 4);
        broken[5, 2] = float.NaN;
        Assert.Contains("row 5", Assert.Throws<InterpException>(() => Run(broken)).Message, StringComparison.Ordinal);
        using var line = tensor(new float[,] { { 1 }, { -2 }, { 3 } });
        var result = Run(line);
        Assert.Equal((-1.0 / 3, -1.0, 1.0), (result.Mean, result.Minimum, result.Maximum));
        Assert.Equal(CapacityClass.Dense, result.Class);
        Assert.Equal(2, result.Histogram.Counts[0]);
        using var equal = ones(4, 3);
        Assert.Equal(1, Run(equal).Epsilon, 1e-7);
        CapacityFigures.Draw(result);
    }

    [Fact]
    public void Other_matrices_and_a_dictionary_are_compared()
    {
        using var rows = RandomTensor.Normal(40, 8);
        var result = Run(rows, new CapacityOptions { Compare = [Path.Combine(AppContext.BaseDirectory, "Data", "saelens-standard"), Checkout.PathOf("models", "clock-59")] });
        Assert.Equal(2, result.Compared.Count);
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        Assert.Equal(RowCosines.Moments(model.Parameters["embed.W_E"]).Mean + (2 * RowCosines.Moments(model.Parameters["embed.W_E"]).StandardDeviation), result.Compared[1].Epsilon, 1e-12);
        using var dictionary = CapacityInput.Open(new AnalysisSources { Dictionary = Path.Combine(AppContext.BaseDirectory, "Data", "saelens-standard"), OutputFolder = "" }, new CapacityOptions());
        Assert.Equal(result.Compared[0].Vocabulary, dictionary.Rows.shape[0]);
    }

    [Fact]
    public void Trained_embeddings_lie_above_chance()
    {
        foreach (var name in (string[])["stories260K", "babyllama-105", "gpt-nano-sort"])
        {
            using var model = LanguageModel.Load(SharedFiles.Require("models", "trained", name));
            using var input = CapacityInput.Open(new AnalysisSources { Model = model, OutputFolder = "" }, new CapacityOptions());
            var result = CapacityAnalysis.Run(input, new CapacityOptions());
            var pairs = UnitRows(input.Rows) is var unit ? Enumerable.Range(0, unit.Length).SelectMany(i => Enumerable.Range(i + 1, unit.Length - i - 1).Select(j => Dot(unit[i], unit[j]))).ToArray() : [];
            var mean = pairs.Average();
            Assert.Equal(mean + (2 * Math.Sqrt(pairs.Average(cosine => (cosine - mean) * (cosine - mean)))), result.Epsilon, Float64Tolerance);
        }
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var rows = RandomTensor.Normal(90, 8);
        LiveTensors.AssertNoGrowth(() => Run(rows, new CapacityOptions { HistogramRows = 50 }));
    }

    [Fact]
    public void A_cancelled_run_stops()
    {
        using var rows = RandomTensor.Normal(90, 8);
        using var input = new CapacityInput(rows.alias(), "rows");
        Assert.Throws<OperationCanceledException>(() => CapacityAnalysis.Run(input, new CapacityOptions(), null, new CancellationToken(true)));
    }

    [Fact]
    public void Hostile_input_is_refused_in_one_line()
    {
        using var vector = ones(4);
        using var zero = zeros(4, 4);
        Assert.Throws<ShapeMismatchException>(() => Run(vector));
        Assert.Throws<InterpException>(() => Run(zero));
        using var rows = RandomTensor.Normal(9, 4);
        Assert.Throws<InterpException>(() => Run(rows, new CapacityOptions { Bins = 300 }));
        Assert.Throws<InterpException>(() => CapacityInput.Open(new AnalysisSources { OutputFolder = "" }, new CapacityOptions()));
    }

    private static CapacityResult Run(Tensor rows, CapacityOptions? options = null)
    {
        using var input = new CapacityInput(rows.alias(), "rows");
        return CapacityAnalysis.Run(input, options ?? new CapacityOptions());
    }

    private static double Binned(CapacityResult result) =>
        result.Histogram.Counts.Select((count, bin) => count * (result.Histogram.Edges[bin] + result.Histogram.Edges[bin + 1]) / 2).Sum() / result.Histogram.Counts.Sum();

    private static double[][] UnitRows(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var values = rows.to(ScalarType.Float64);
        var unit = values / values.norm(1, keepdim: true);
        return [.. Enumerable.Range(0, (int)rows.shape[0]).Select(row => unit[row].data<double>().ToArray())];
    }

    private static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
