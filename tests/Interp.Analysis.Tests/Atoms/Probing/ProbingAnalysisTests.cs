using Interp.Analysis.Activations;
using Interp.Analysis.Activations.Capture;
using Interp.Analysis.Atoms;
using Interp.Analysis.Atoms.Evaluation;
using Interp.Analysis.Atoms.Probing;
using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models;
using Interp.Models.Tokenization;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Atoms.Probing;

public sealed class ProbingAnalysisTests : IDisposable
{
    private const int Classes = 4;
    private const int Width = 24;

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_planted_latent_a_class_is_found_and_one_that_stands_in_for_it_is_called_absorbing()
    {
        Plant(absorbed: 0.3);
        using var input = AtomsEvalInput.Open(At("sae"), At("acts"));
        var result = ProbingAnalysis.Run(input, new ProbingOptions { Task = ProbeTask.Token, Sparsities = [1] });
        Assert.Equal(Classes, result.Classes.Count);
        Assert.InRange(result.Dense.Accuracy, 0.97, 1);
        Assert.InRange(result.Sparse[0].Latents.Accuracy, 0.9, 1);
        Assert.InRange(result.Sparse[0].Neurons.Accuracy, 0.4, result.Sparse[0].Latents.Accuracy - 0.1);
        var first = Assert.Single(result.Classes, entry => entry.Label == "#0");
        Assert.Equal([0], first.MainLatents);
        Assert.Equal([Width], first.AbsorbingLatents);
        Assert.InRange(first.Absorbed, 0.2, 0.4);
        Assert.Equal(first.Absorbed, first.Missed, 1e-9);
        Assert.Equal(1 - first.Missed, first.Recall, 0.05);
        Assert.All(result.Classes.Where(entry => entry.Label != "#0"), entry => Assert.InRange(entry.Absorbed, 0, 0.02));
    }

    [Fact]
    public void Labels_without_sense_are_at_chance()
    {
        Plant(absorbed: 0, shuffled: true);
        using var input = AtomsEvalInput.Open(At("sae"), At("acts"));
        var result = ProbingAnalysis.Run(input, new ProbingOptions { Sparsities = [1, 4] });
        Assert.Equal(ProbeTask.Token, result.Task);
        Assert.InRange(result.Dense.Accuracy, 0.42, 0.58);
        Assert.All(result.Sparse, row => Assert.InRange(row.Latents.Accuracy, 0.42, 0.58));
    }

    [Fact]
    public void A_probe_is_where_the_gradient_of_its_loss_vanishes()
    {
        using var scope = NewDisposeScope();
        var random = SplitMix64.ForStream(3, "features");
        var x = tensor([.. Enumerable.Range(0, 200 * 5).Select(i => (random.NextNormal() * (1 + (i % 5))) + 3)], 200, 5);
        bool[] y = [.. Enumerable.Range(0, 200).Select(i => x[i, 0].item<double>() - x[i, 1].item<double>() + random.NextNormal() > 0)];
        var probe = LogisticProbe.Fit(x, y, 0.7);
        var spread = (x - x.mean([0L])).square().mean([0L]).sqrt();
        var w = tensor(probe.Weights);
        var p = (x.matmul(w) + probe.Bias).sigmoid() - tensor(y.Select(member => member ? 1.0 : 0).ToArray());
        var scaled = (x - x.mean([0L])) / spread;
        Assert.InRange((scaled.t().matmul(p) + (0.7 * w * spread)).abs().max().item<double>(), 0, 1e-6);
        Assert.InRange(Math.Abs(p.sum().item<double>()), 0, 1e-6);
        Assert.Equal(y.Zip(probe.Predict(x)).Count(pair => pair.First == pair.Second) / 200.0, probe.Score(x, y).Accuracy);
    }

    [Fact]
    public void A_separable_class_and_a_constant_feature_do_no_harm()
    {
        using var scope = NewDisposeScope();
        var x = cat([arange(-10, 10, dtype: ScalarType.Float64).add(0.5).unsqueeze(1), ones(20, 1, ScalarType.Float64)], 1);
        bool[] y = [.. Enumerable.Range(0, 20).Select(i => i >= 10)];
        var probe = LogisticProbe.Fit(x, y, 1e-3);
        Assert.Equal(new ProbeScore(1, 1), probe.Score(x, y));
        Assert.Equal(0, probe.Weights[1], 1e-12);
    }

    [Fact]
    public void First_letters_are_those_of_tokens_that_begin_a_word()
    {
        var folder = SharedFiles.Require("models", "trained", "stories260K");
        using var model = LanguageModel.Load(folder);
        CaptureAnalysis.Run(new CaptureInput(model, SharedFiles.Require("corpora", "tinystories_1000.json"), At("acts")), new CaptureOptions { Tokens = 500, Context = 51 });
        using var store = ActivationStore.Open(At("acts"));
        var tokenizer = Tokenizer.Load(folder);
        var labelled = LabelledRows.Of(store, tokenizer, ProbeTask.Auto);
        Assert.Equal(ProbeTask.FirstLetter, labelled.Task);
        var ids = store.TokenIds(0, (int)store.Rows);
        Assert.InRange(labelled.Labels.Count(label => label >= 0), 100, 400);
        for (var row = 0; row < ids.Length; row++)
        {
            var text = tokenizer.TokenText(ids[row]);
            var expected = text.Length > 1 && text[0] == '·' && char.IsAsciiLetter(text[1]) ? char.ToLowerInvariant(text[1]).ToString() : null;
            Assert.Equal(expected, labelled.Labels[row] < 0 ? null : labelled.Names[labelled.Labels[row]]);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_nothing_stays_behind()
    {
        Plant(absorbed: 0);
        using var input = AtomsEvalInput.Open(At("sae"), At("acts"));
        Assert.Contains("no modular-addition task", Assert.Throws<InterpException>(() => ProbingAnalysis.Run(input, new ProbingOptions { Task = ProbeTask.Answer })).Message, StringComparison.Ordinal);
        Assert.Contains("--model", Assert.Throws<InterpException>(() => ProbingAnalysis.Run(input, new ProbingOptions { Task = ProbeTask.FirstLetter })).Message, StringComparison.Ordinal);
        Assert.Contains("--least-examples", Assert.Throws<InterpException>(() => ProbingAnalysis.Run(input, new ProbingOptions { LeastExamples = 100_000 })).Message, StringComparison.Ordinal);
        LiveTensors.AssertNoGrowth(() => ProbingAnalysis.Run(input, new ProbingOptions { Sparsities = [1] }));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => ProbingAnalysis.Run(input, new ProbingOptions(), null, cancelled.Token));
    }

    /// <summary>Rows that are a direction of their class and noise, a dictionary with one latent a direction, and one that reads a part of class 0 instead.</summary>
    private void Plant(double absorbed, bool shuffled = false)
    {
        const int Count = 1600;
        using var scope = NewDisposeScope();
        var random = SplitMix64.ForStream(1, "planted");
        var basis = linalg.qr(tensor([.. Enumerable.Range(0, Width * Width).Select(_ => (float)random.NextNormal())], Width, Width)).Q;
        // Latent Width points between class 0 and a direction that marks the rows it takes over.
        var standIn = ((basis[0] * 0.8f) + (basis[Width - 1] * 0.6f)).unsqueeze(0);
        var rows = zeros(Count, Width);
        var labels = new int[Count];
        for (var row = 0; row < Count; row++)
        {
            labels[row] = row % Classes;
            var isTaken = labels[row] == 0 && random.NextDouble() < absorbed;
            var noise = tensor([.. Enumerable.Range(0, Width - Classes - 1).Select(_ => 1.2f * (float)random.NextNormal())]);
            rows[row] = ((isTaken ? standIn[0] : basis[labels[row]]) * 3) + noise.matmul(basis.narrow(0, Classes, Width - Classes - 1));
        }

        if (shuffled)
        {
            random.Shuffle(labels.AsSpan());
        }

        using (var writer = ActivationWriter.Create(At("acts"), [new("h", Width)], new ActivationOrigin()))
        {
            writer.Add([rows], labels, [.. Enumerable.Range(0, Count).Select(row => row / 8)], [.. Enumerable.Range(0, Count).Select(row => row % 8)]);
            writer.Complete();
        }

        // Class 0's own latent does not see what the stand-in reads.
        var encoder = cat([basis, standIn], 0);
        encoder[0] = basis[0] - (basis[Width - 1] * (0.8f / 0.6f));
        var decoder = cat([basis, standIn], 0);
        using var dictionary = SparseAutoencoder.Create(
            new DictionaryInfo { Architecture = DictionaryArchitecture.JumpRelu, HookName = "h" }, encoder.t().contiguous(), zeros(Width + 1), decoder, zeros(Width), Thresholds());
        dictionary.Save(At("sae"));
    }

    /// <summary>The stand-in fires only where it reads both parts.</summary>
    private static Tensor Thresholds()
    {
        var thresholds = full(Width + 1, 1f);
        thresholds[Width] = 2.7f;
        return thresholds;
    }

    private string At(string name) => Path.Combine(_folder, name);
}
