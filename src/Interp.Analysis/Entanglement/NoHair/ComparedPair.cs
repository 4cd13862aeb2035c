namespace Interp.Analysis.Entanglement.NoHair;

/// <summary>Two models beside each other. Entropy differences are over the largest that each cut allows, root mean square.</summary>
/// <param name="First">One.</param>
/// <param name="Second">The other.</param>
/// <param name="Kind">What the second is; the first is the base or a tuned model.</param>
/// <param name="External">The distance of the attention's profiles over cuts, layers and heads, the mean over prompts.</param>
/// <param name="LargestExternal">The largest difference of an entropy of the attention, nats.</param>
/// <param name="Internal">The distance of the updates' profiles over cuts and matrices; null where one of them is no update.</param>
/// <param name="OutputCosine">The mean cosine of the attention layers' outputs.</param>
/// <param name="OutputDistance">The Frobenius norm of their difference over that of the first.</param>
/// <param name="OutputAlignment">Linear CKA of the outputs (arXiv 1905.00414), the mean over layers.</param>
public sealed record ComparedPair(
    string First, string Second, RunKind Kind, double External, double LargestExternal, double? Internal, double OutputCosine, double OutputDistance, double OutputAlignment);
