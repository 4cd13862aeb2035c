using static TorchSharp.torch;

namespace Interp.Analysis.Atoms;

/// <summary>The gate of a gated dictionary: π = x·W_enc + b_gate decides, m = x·(W_enc·diag(e^r)) + b_mag is the size.</summary>
/// <remarks>Source: Rajamanoharan et al., arXiv 2404.16014.</remarks>
/// <param name="Bias">b_gate <c>[d_sae]</c>.</param>
/// <param name="MagnitudeScale">r_mag <c>[d_sae]</c>.</param>
public sealed record DictionaryGate(Tensor Bias, Tensor MagnitudeScale);
