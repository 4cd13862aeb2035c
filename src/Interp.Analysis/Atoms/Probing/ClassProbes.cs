using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Probing;

/// <summary>The probes of one class: on the whole activation, on few latents, on few neurons.</summary>
/// <param name="Dense">The probe on the activation.</param>
/// <param name="DenseScore">How it does.</param>
/// <param name="Latents">How probes on latents do, one a number of latents.</param>
/// <param name="Neurons">How probes on neurons do.</param>
internal sealed record ClassProbes(LogisticProbe Dense, ProbeScore DenseScore, ProbeScore[] Latents, ProbeScore[] Neurons)
{
    /// <summary>Fits all probes of a class on training rows and scores them on held-out ones.</summary>
    /// <param name="label">The class.</param>
    /// <param name="train">Training rows.</param>
    /// <param name="heldOut">Held-out rows.</param>
    /// <param name="trainCodes">Codes of the class's best latents on training rows, best first.</param>
    /// <param name="heldOutCodes">The same on held-out rows.</param>
    /// <param name="neurons">The class's best coordinates, best first.</param>
    /// <param name="options">Sparsities, ridge and seed.</param>
    public static ClassProbes Fit(
        int label, ProbedRows train, ProbedRows heldOut, TorchSharp.torch.Tensor trainCodes, TorchSharp.torch.Tensor heldOutCodes, int[] neurons, ProbingOptions options)
    {
        using var scope = NewDisposeScope();
        var (rows, isMember) = train.Balanced(label, options.Seed);
        var (tested, isTested) = heldOut.Balanced(label, options.Seed);
        var (fitRows, testRows) = (tensor(rows), tensor(tested));
        var (x, unseen) = (train.Activations.index_select(0, fitRows), heldOut.Activations.index_select(0, testRows));
        var dense = LogisticProbe.Fit(x, isMember, options.Ridge);
        var places = tensor(neurons.Select(neuron => (long)neuron).ToArray());
        var (codes, unseenCodes) = (trainCodes.index_select(0, fitRows), heldOutCodes.index_select(0, testRows));
        var (few, unseenFew) = (x.index_select(1, places), unseen.index_select(1, places));
        ProbeScore[] Scores(TorchSharp.torch.Tensor seen, TorchSharp.torch.Tensor held) =>
        [
            .. options.Sparsities.Select(count => Math.Min(count, seen.shape[1])).Select(count => LogisticProbe.Fit(seen.narrow(1, 0, count), isMember, options.Ridge).Score(held.narrow(1, 0, count), isTested)),
        ];
        return new ClassProbes(dense, dense.Score(unseen, isTested), Scores(codes, unseenCodes), Scores(few, unseenFew));
    }
}
