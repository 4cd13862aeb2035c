using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Tasks;

/// <summary>What is put into the residual stream of each row.</summary>
/// <param name="Layer">The layer whose input is changed.</param>
/// <param name="Position">Where.</param>
/// <param name="Values">The new values, float64 CPU [row, d].</param>
internal sealed record TaskReplacement(int Layer, TaskPosition Position, Tensor Values);
