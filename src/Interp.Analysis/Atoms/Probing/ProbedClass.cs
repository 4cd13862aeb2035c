namespace Interp.Analysis.Atoms.Probing;

/// <summary>One class.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Examples">Its training rows.</param>
/// <param name="HeldOutExamples">Its held-out rows.</param>
/// <param name="Dense">The probe on the whole activation.</param>
/// <param name="Sparse">The probes on latents, one for each number of latents.</param>
/// <param name="MainLatents">The latents of the class, by what more of them add to the probe.</param>
/// <param name="Recall">The share of held-out rows of the class on which a main latent fires.</param>
/// <param name="Missed">Of those that the dense probe gets right, the share on which none does.</param>
/// <param name="Absorbed">The share on which, besides, one other latent carries at least half of what the code puts along the probe.</param>
/// <param name="AbsorbingLatents">The latents that did so, most often first, five at most.</param>
public sealed record ProbedClass(
    string Label, int Examples, int HeldOutExamples, ProbeScore Dense, IReadOnlyList<ProbeScore> Sparse, IReadOnlyList<int> MainLatents, double Recall, double Missed, double Absorbed, IReadOnlyList<int> AbsorbingLatents);
