using ILGPU;
using Interp.Compute.Kernels.Lanes;
using Interp.Compute.Kernels.ThresholdCodes;

namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>
/// The part of the step by latents: a group of threads a latent gathers its gradients, and while they are in shared memory projects, steps
/// and normalises its direction and steps its encoder row, bias and threshold. Weights and rows are bfloat16, second moments and sums float32;
/// there is no first moment (β₁ = 0).
/// </summary>
internal static class LatentStepKernels
{
    /// <summary>Entries taken at once; a latent with more goes through them in several rounds.</summary>
    public const int Round = 256;

    /// <summary>The most pairs of a row.</summary>
    public const int MostPairs = 2048;

    /// <summary>Takes the step of one latent a group.</summary>
    /// <param name="starts">Where each latent's entries begin <c>[N + 1]</c>.</param>
    /// <param name="rows">Rows and flags by latent.</param>
    /// <param name="codes">z by latent.</param>
    /// <param name="upstream">g <c>[B, d]</c>, in pairs.</param>
    /// <param name="inputs">x <c>[B, d]</c>, in pairs.</param>
    /// <param name="encoder"><c>[N, d]</c>, in pairs.</param>
    /// <param name="decoder"><c>[N, d]</c>, in pairs, rows of length 1.</param>
    /// <param name="encoderSecond">Its second moment <c>[N, d]</c>.</param>
    /// <param name="decoderSecond">Its second moment <c>[N, d]</c>.</param>
    /// <param name="scalars">b, θ and their second moments <c>[N, 4]</c>.</param>
    /// <param name="numbers">Sizes and constants.</param>
    public static void Update(
        ArrayView<int> starts, ArrayView<int> rows, ArrayView<float> codes, ArrayView<uint> upstream, ArrayView<uint> inputs, ArrayView<uint> encoder, ArrayView<uint> decoder, ArrayView<float> encoderSecond, ArrayView<float> decoderSecond, ArrayView<float> scalars, LatentStepNumbers numbers)
    {
        var byDecoder = SharedMemory.Allocate<float>(2 * MostPairs);
        var byEncoder = SharedMemory.Allocate<float>(2 * MostPairs);
        var places = SharedMemory.Allocate<int>(Round);
        var values = SharedMemory.Allocate<float>(Round);
        var byCode = SharedMemory.Allocate<float>(Round);
        var partial = SharedMemory.Allocate<float>(GroupSums.MostWarps);
        var latent = Grid.IdxX;
        var pairs = numbers.Pairs;
        for (var k = Group.IdxX; k < 2 * pairs; k += Group.DimX)
        {
            byDecoder[k] = 0;
            byEncoder[k] = 0;
        }

        float bias = 0, window = 0, windowed = 0;
        for (var from = starts[latent]; from < starts[latent + 1]; from += Round)
        {
            var entries = IntrinsicMath.Min(starts[latent + 1] - from, Round);
            Group.Barrier();
            Sort(rows, codes, places, values, from, entries);
            Group.Barrier();
            TakeCodeGradients(upstream, decoder, places, byCode, latent, pairs, entries);
            Group.Barrier();
            for (var entry = 0; entry < entries; entry++)
            {
                bias += (places[entry] & CodeTile.Active) != 0 ? byCode[entry] : 0f;
                window += (places[entry] & CodeTile.Window) != 0 ? byCode[entry] : 0f;
                windowed += (places[entry] & CodeTile.Window) != 0 ? 1f : 0f;
            }

            for (var pair = Group.IdxX; pair < pairs; pair += Group.DimX)
            {
                Gather(upstream, inputs, places, values, byCode, byDecoder, byEncoder, pair, pairs, entries);
            }
        }

        Group.Barrier();
        StepEncoder(encoder, encoderSecond, byEncoder, latent, numbers);
        StepDecoder(decoder, decoderSecond, byDecoder, partial, latent, numbers);
        if (Group.IdxX == 0)
        {
            var at = 4L * latent;
            var theta = scalars[at + 1];
            var byTheta = -((theta * window) + (numbers.Slope * windowed)) * numbers.InverseBandwidth;
            StepScalar(scalars, at, bias, numbers);
            StepScalar(scalars, at + 1, byTheta, numbers);
        }
    }

    // By rows, since the order in which they came is chance.
    private static void Sort(ArrayView<int> rows, ArrayView<float> codes, ArrayView<int> places, ArrayView<float> values, int from, int entries)
    {
        for (var entry = Group.IdxX; entry < entries; entry += Group.DimX)
        {
            var rank = 0;
            for (var other = 0; other < entries; other++)
            {
                rank += rows[from + other] < rows[from + entry] ? 1 : 0;
            }

            places[rank] = rows[from + entry];
            values[rank] = codes[from + entry];
        }
    }

    // df = g·d: a warp an entry.
    private static void TakeCodeGradients(ArrayView<uint> upstream, ArrayView<uint> decoder, ArrayView<int> places, ArrayView<float> byCode, int latent, int pairs, int entries)
    {
        var warps = Group.DimX / Warp.WarpSize;
        for (var entry = Group.IdxX / Warp.WarpSize; entry < entries; entry += warps)
        {
            var row = (long)(places[entry] >> CodeTile.Shift) * pairs;
            var sum = 0f;
            for (var pair = Group.IdxX % Warp.WarpSize; pair < pairs; pair += Warp.WarpSize)
            {
                var (g, d) = (upstream[row + pair], decoder[((long)latent * pairs) + pair]);
                sum += (Bfloat16Pair.Low(g) * Bfloat16Pair.Low(d)) + (Bfloat16Pair.High(g) * Bfloat16Pair.High(d));
            }

            for (var mask = Warp.WarpSize / 2; mask > 0; mask /= 2)
            {
                sum += Warp.ShuffleXor(sum, mask);
            }

            if (Group.IdxX % Warp.WarpSize == 0)
            {
                byCode[entry] = sum;
            }
        }
    }

    private static void Gather(
        ArrayView<uint> upstream, ArrayView<uint> inputs, ArrayView<int> places, ArrayView<float> values, ArrayView<float> byCode, ArrayView<float> byDecoder, ArrayView<float> byEncoder, int pair, int pairs, int entries)
    {
        var (low, high) = (byDecoder[2 * pair], byDecoder[(2 * pair) + 1]);
        var (left, right) = (byEncoder[2 * pair], byEncoder[(2 * pair) + 1]);
        for (var entry = 0; entry < entries; entry++)
        {
            if ((places[entry] & CodeTile.Active) != 0)
            {
                var at = ((long)(places[entry] >> CodeTile.Shift) * pairs) + pair;
                var (g, x) = (upstream[at], inputs[at]);
                low += values[entry] * Bfloat16Pair.Low(g);
                high += values[entry] * Bfloat16Pair.High(g);
                left += byCode[entry] * Bfloat16Pair.Low(x);
                right += byCode[entry] * Bfloat16Pair.High(x);
            }
        }

        byDecoder[2 * pair] = low;
        byDecoder[(2 * pair) + 1] = high;
        byEncoder[2 * pair] = left;
        byEncoder[(2 * pair) + 1] = right;
    }

    private static void StepEncoder(ArrayView<uint> encoder, ArrayView<float> second, ArrayView<float> gradient, int latent, LatentStepNumbers numbers)
    {
        for (var pair = Group.IdxX; pair < numbers.Pairs; pair += Group.DimX)
        {
            var at = ((long)latent * numbers.Pairs) + pair;
            var low = Stepped(Bfloat16Pair.Low(encoder[at]), gradient[2 * pair], second, 2 * at, numbers);
            var high = Stepped(Bfloat16Pair.High(encoder[at]), gradient[(2 * pair) + 1], second, (2 * at) + 1, numbers);
            encoder[at] = Bfloat16Pair.Pack(low, high);
        }
    }

    private static void StepDecoder(ArrayView<uint> decoder, ArrayView<float> second, ArrayView<float> gradient, ArrayView<float> partial, int latent, LatentStepNumbers numbers)
    {
        var start = (long)latent * numbers.Pairs;
        var along = 0f;
        for (var pair = Group.IdxX; pair < numbers.Pairs; pair += Group.DimX)
        {
            var w = decoder[start + pair];
            along += (Bfloat16Pair.Low(w) * gradient[2 * pair]) + (Bfloat16Pair.High(w) * gradient[(2 * pair) + 1]);
        }

        along = GroupSums.Sum(along, partial);
        var squares = 0f;
        for (var pair = Group.IdxX; pair < numbers.Pairs; pair += Group.DimX)
        {
            var at = start + pair;
            var (w, v) = (Bfloat16Pair.Low(decoder[at]), Bfloat16Pair.High(decoder[at]));
            var low = Stepped(w, gradient[2 * pair] - (along * w), second, 2 * at, numbers);
            var high = Stepped(v, gradient[(2 * pair) + 1] - (along * v), second, (2 * at) + 1, numbers);
            gradient[2 * pair] = low;
            gradient[(2 * pair) + 1] = high;
            squares += (low * low) + (high * high);
        }

        var length = MathF.Sqrt(GroupSums.Sum(squares, partial));
        for (var pair = Group.IdxX; pair < numbers.Pairs; pair += Group.DimX)
        {
            decoder[start + pair] = Bfloat16Pair.Pack(gradient[2 * pair] / length, gradient[(2 * pair) + 1] / length);
        }
    }

    private static float Stepped(float weight, float gradient, ArrayView<float> second, long at, LatentStepNumbers numbers)
    {
        var moment = (numbers.Beta2 * second[at]) + ((1 - numbers.Beta2) * gradient * gradient);
        second[at] = moment;
        return weight - (numbers.Size * gradient / ((MathF.Sqrt(moment) / numbers.Correction) + numbers.Epsilon));
    }

    // The second moment lies two places behind.
    private static void StepScalar(ArrayView<float> scalars, long at, float gradient, LatentStepNumbers numbers) =>
        scalars[at] = Stepped(scalars[at], gradient, scalars, at + 2, numbers);
}
