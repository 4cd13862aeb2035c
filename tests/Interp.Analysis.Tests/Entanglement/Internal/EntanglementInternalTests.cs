using System.Text.Json;
using Interp.Analysis.Entanglement;
using Interp.Analysis.Entanglement.Internal;
using Interp.Compute;
using Interp.Compute.LinearAlgebra;
using Interp.Models;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Entanglement.Internal;

public sealed class EntanglementInternalTests : IDisposable
{
    private const double Listed = 1e-10;

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-entanglement-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_low_rank_matrix_has_its_valley_rank_and_humps()
    {
        using var product = RandomTensor.Normal(256, 16).matmul(RandomTensor.Normal(16, 256, seed: 2));
        var profile = Assert.Single(Run(product).Profiles);
        Assert.Equal((16, 8), (profile.Rank, profile.Boundary));
        Assert.Equal(Enumerable.Repeat(2, 16), profile.Sites);
        Assert.True(profile.BoundaryEntropy <= Math.Log(16));
        Assert.Equal(Math.Exp(profile.BoundaryEntropy!.Value), profile.EffectiveRank!.Value, Listed);

        // Humps near √(mr) = 64 = 2⁶, depth about ½ ln(m/r) − ½ = 0.89.
        Assert.Equal((6, 10), (profile.RowHump!.Cut, profile.ColumnHump!.Cut));
        Assert.Equal(0.9, profile.Depth!.Value, 0.1);
        EntanglementOracle.AssertClose(profile.NullLowRank!, profile.Entropies, 0.05);
        EntanglementOracle.AssertClose(profile.NullSpectrum!, profile.Renyi2, 0.06);
        EntanglementOracle.AssertClose(profile.Surrogates!.Mean, profile.Entropies, 0.05);
        Assert.Equal(profile.NullSpectrum![7], profile.Renyi2[7], Listed);
    }

    [Fact]
    public void A_full_rank_matrix_has_no_valley()
    {
        using var matrix = RandomTensor.Normal(64, 64);
        var profile = Assert.Single(Run(matrix).Profiles);
        Assert.Equal(64, profile.Rank);
        Assert.True(profile.Depth < 0);
        EntanglementOracle.AssertClose(profile.NullGaussian, profile.Entropies, 0.03);
    }

    [Fact]
    public void An_adapter_on_disk_is_measured_without_forming_its_product()
    {
        using var b = RandomTensor.Normal(48, 4);
        using var a = RandomTensor.Normal(4, 32, seed: 2);
        SafetensorsWriter.Write(Path.Combine(_folder, "adapter_model.safetensors"), new Dictionary<string, Tensor>
        {
            ["base_model.model.h.0.attn.lora_A.weight"] = a,
            ["base_model.model.h.0.attn.lora_B.weight"] = b,
        });
        var options = new EntanglementInternalOptions { Adapter = _folder };
        using var input = WeightMatrices.Open(new AnalysisSources { OutputFolder = "" }, options);
        var factored = Assert.Single(EntanglementInternalAnalysis.Run(input, options).Profiles);
        using var product = b.to(ScalarType.Float64).matmul(a.to(ScalarType.Float64));
        var dense = Assert.Single(Run(product).Profiles);
        Assert.Equal("h.0.attn", factored.Name);
        Assert.Equal(4, factored.Rank);
        EntanglementOracle.AssertClose(dense.Entropies, factored.Entropies, 1e-11);
        EntanglementOracle.AssertClose(dense.Surrogates!.Mean, factored.Surrogates!.Mean, 1e-9);

        var interleaved = options with { Layout = SiteLayout.Interleaved };
        using var again = WeightMatrices.Open(new AnalysisSources { OutputFolder = "" }, interleaved);
        var other = Assert.Single(EntanglementInternalAnalysis.Run(again, interleaved).Profiles);
        Assert.Null(other.NullLowRank);
        Assert.Equal((0, 4), (other.Boundary, other.Rank));
    }

    [Fact]
    public void The_shipped_model_is_measured_whole_through_the_catalogue()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var entry = AnalysisCatalogue.Find("entanglement-internal");
        using var outcome = entry.Run(new AnalysisSources { Model = model, OutputFolder = "" }, new EntanglementInternalOptions());
        var result = (EntanglementInternalResult)outcome.Result;
        Assert.Equal(
            ["embed.W_E", "pos_embed.W_pos", "blocks.0.attn.W_Q", "blocks.0.attn.W_K", "blocks.0.attn.W_V", "blocks.0.attn.W_O", "blocks.0.mlp.W_in", "blocks.0.mlp.W_out", "unembed.W_U"],
            result.Profiles.Select(profile => profile.Name));
        var values = result.Profiles.ToDictionary(profile => profile.Name);
        Assert.Equal((256, 64, 8), (values["blocks.0.mlp.W_in"].Rows, values["blocks.0.mlp.W_in"].Columns, values["blocks.0.mlp.W_in"].Boundary));
        Assert.Equal((2, 8), (values["blocks.0.attn.W_Q"].HeadCut, values["blocks.0.attn.W_O"].HeadCut));
        Assert.Equal([59, 2, 2, 2, 2, 2, 2], values["unembed.W_U"].Sites);
        Assert.All(result.Profiles, profile => Assert.True(profile.Entropies.Zip(profile.NullGaussian).All(pair => pair.First <= pair.Second + 0.15)));
        Assert.All(outcome.Figures, figure => Assert.False(string.IsNullOrEmpty(figure.Layout.XAxis[0].Title.Text)));

        using var chosen = entry.Run(new AnalysisSources { Model = model, OutputFolder = "" }, new EntanglementInternalOptions { Matrices = ["blocks.*.W_Q"] });
        Assert.Equal("blocks.0.attn.W_Q", Assert.Single(((EntanglementInternalResult)chosen.Result).Profiles).Name);
    }

    [Fact]
    public void Weights_are_read_as_outputs_by_inputs_with_heads_first()
    {
        using var scope = NewDisposeScope();
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        var options = new EntanglementInternalOptions { Matrices = ["*W_Q", "*W_O", "*W_in"] };
        using var input = WeightMatrices.Open(new AnalysisSources { Model = model, OutputFolder = "" }, options);
        var query = input.Matrices[0].Open().Left;
        Assert.Equal(model.Parameters["blocks.0.attn.W_Q"][2, 7, 3].item<float>(), query[(2 * 16) + 3, 7].item<float>());
        var output = input.Matrices[1].Open().Left;
        Assert.Equal(model.Parameters["blocks.0.attn.W_O"][2, 3, 7].item<float>(), output[7, (2 * 16) + 3].item<float>());
        var neurons = input.Matrices[2].Open().Left;
        Assert.Equal(model.Parameters["blocks.0.mlp.W_in"][7, 100].item<float>(), neurons[100, 7].item<float>());
    }

    [Fact]
    public void A_model_less_itself_has_no_state_and_says_so()
    {
        var path = Checkout.PathOf("models", "clock-59");
        using var model = LanguageModel.Load(path);
        var options = new EntanglementInternalOptions { Base = path, Matrices = ["*.W_in"] };
        using var input = WeightMatrices.Open(new AnalysisSources { Model = model, OutputFolder = "" }, options);
        var result = EntanglementInternalAnalysis.Run(input, options);
        Assert.Empty(result.Profiles);
        Assert.Contains("zero", Assert.Single(result.Undefined).Reason, StringComparison.Ordinal);
        Assert.Empty(EntanglementInternalFigures.Draw(result));
    }

    [Fact]
    public void What_a_tuning_saved_on_its_way_is_a_series_over_steps()
    {
        foreach (var (step, seed) in new[] { (10, 1), (100, 2), (20, 3) })
        {
            using var b = RandomTensor.Normal(16, 2, seed);
            using var a = RandomTensor.Normal(2, 8, seed + 10);
            SafetensorsWriter.Write(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "steps", $"{step:D6}")).FullName, "adapter_model.safetensors"), new Dictionary<string, Tensor>
            {
                ["base_model.model.h.0.attn.lora_A.weight"] = a,
                ["base_model.model.h.0.attn.lora_B.weight"] = b,
            });
        }

        var options = new EntanglementInternalOptions { Adapter = _folder, Steps = true };
        using var input = WeightMatrices.Open(new AnalysisSources { OutputFolder = "" }, options);
        var result = EntanglementInternalAnalysis.Run(input, options);
        Assert.Equal([10, 20, 100], result.Profiles.Select(profile => profile.Step!.Value));
        Assert.Equal("step 20: h.0.attn", result.Profiles[1].Name);
        Assert.Equal("over-training", EntanglementInternalFigures.Draw(result)[0].Name);
        Assert.Contains("--save-every", Assert.Throws<InterpException>(() =>
            WeightMatrices.Open(new AnalysisSources { OutputFolder = "" }, options with { Adapter = Path.Combine(_folder, "steps") })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_that_is_mostly_rounding_is_warned_of()
    {
        using var scope = NewDisposeScope();
        var before = RandomTensor.Normal(128, 128).to(ScalarType.BFloat16);
        var update = RandomTensor.Normal(128, 2, seed: 2).matmul(RandomTensor.Normal(2, 128, seed: 3));
        var after = (before.to(ScalarType.Float32) + (update * (1e-3 * before.to(ScalarType.Float32).norm() / update.norm()))).to(ScalarType.BFloat16);
        using var input = new WeightMatrices([WeightMatrix.Difference("W", () => after.alias(), () => before.alias())]);
        var result = EntanglementInternalAnalysis.Run(input, new EntanglementInternalOptions());
        var profile = Assert.Single(result.Profiles);

        // The documented case is 512 × 512 of rank 8; the shares of zeros and the loss of the valley are alike.
        Assert.InRange(profile.ZeroFraction, 0.6, 0.8);
        Assert.InRange(profile.RelativeNorm!.Value, 5e-4, 3e-3);
        Assert.True(profile.BoundaryEntropy > 2);
        Assert.Contains(result.Warnings, warning => warning.Contains("rounding", StringComparison.Ordinal));
    }

    [Fact]
    public void Matrices_without_a_cut_or_a_boundary_are_told_apart()
    {
        using var single = RandomTensor.Normal(1, 7);
        Assert.Contains("single site", Assert.Single(Run(single).Undefined).Reason, StringComparison.Ordinal);
        using var row = RandomTensor.Normal(1, 8);
        var profile = Assert.Single(Run(row).Profiles);
        Assert.Equal((0, 2, 1), (profile.Boundary, profile.Entropies.Length, profile.Rank));
        Assert.Null(profile.Depth);
        using var primes = RandomTensor.Normal(7, 11);
        var two = Assert.Single(Run(primes).Profiles);
        Assert.Equal((1, 7), (two.Boundary, two.Rank));
        Assert.Null(two.RowHump);
    }

    [Fact]
    public void The_result_has_the_keys_that_other_programs_rely_on()
    {
        using var matrix = RandomTensor.Normal(8, 12);
        using var json = JsonSerializer.SerializeToDocument(Run(matrix), ResultJson.Options);
        Assert.Equal("nats", json.RootElement.GetProperty("unit").GetString());
        var profile = json.RootElement.GetProperty("profiles")[0];
        foreach (var key in (string[])["name", "rows", "columns", "sites", "boundary", "entropies", "renyi2", "nullGaussian", "nullLowRank", "nullSpectrum", "rank"])
        {
            Assert.True(profile.TryGetProperty(key, out _), key);
        }
    }

    [Fact]
    public void Hostile_input_is_refused_in_one_line()
    {
        using var vector = ones(4);
        Assert.Throws<ShapeMismatchException>(() => Run(vector));
        using var broken = tensor(new float[,] { { 1, 0 }, { float.NaN, 1 } });
        Assert.Throws<InterpException>(() => Run(broken));
        Assert.Throws<InterpException>(() => WeightMatrices.Open(new AnalysisSources { OutputFolder = "" }, new EntanglementInternalOptions()));
        Assert.Throws<CheckpointException>(() => WeightMatrices.Open(new AnalysisSources { OutputFolder = "" }, new EntanglementInternalOptions { Adapter = _folder }));
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        Assert.Throws<InterpException>(() => WeightMatrices.Open(new AnalysisSources { Model = model, OutputFolder = "" }, new EntanglementInternalOptions { Matrices = ["nothing"] }));
    }

    [Fact]
    public void A_cancelled_run_stops()
    {
        using var matrix = RandomTensor.Normal(8, 8);
        using var input = new WeightMatrices([WeightMatrix.Dense("W", () => matrix.alias())]);
        Assert.Throws<OperationCanceledException>(() => EntanglementInternalAnalysis.Run(input, new EntanglementInternalOptions(), null, new CancellationToken(true)));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var matrix = RandomTensor.Normal(12, 8);
        LiveTensors.AssertNoGrowth(() => Run(matrix));
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        LiveTensors.AssertNoGrowth(() => AnalysisCatalogue.Find("entanglement-internal").Run(new AnalysisSources { Model = model, OutputFolder = "" }, new EntanglementInternalOptions { Matrices = ["*W_Q"] }).Dispose());
    }

    private static EntanglementInternalResult Run(Tensor matrix)
    {
        using var input = new WeightMatrices([WeightMatrix.Dense("W", () => matrix.alias())]);
        return EntanglementInternalAnalysis.Run(input, new EntanglementInternalOptions());
    }
}
