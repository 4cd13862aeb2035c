using static TorchSharp.torch;

namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>What a step changes; the tensors are the caller's, contiguous, and on one device.</summary>
/// <param name="Encoder"><c>[N, d]</c>, bfloat16, float16 or float32.</param>
/// <param name="Decoder">Directions <c>[N, d]</c> of the same type, rows of length 1.</param>
/// <param name="EncoderSecond">Second moments <c>[N, d]</c>, float32; bfloat16 for the GPU version alone.</param>
/// <param name="DecoderSecond">Second moments <c>[N, d]</c>, likewise.</param>
/// <param name="Scalars">b, θ and their second moments <c>[N, 4]</c>, float32.</param>
/// <param name="DecoderBias">b_dec <c>[d]</c>, float32; not changed.</param>
internal sealed record StepWeights(Tensor Encoder, Tensor Decoder, Tensor EncoderSecond, Tensor DecoderSecond, Tensor Scalars, Tensor DecoderBias);
