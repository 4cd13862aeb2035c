using ILGPU;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;
using Interp.Compute.Kernels.ThresholdCodes;

namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>
/// The part of the step by latents, in two launches, so that only one of the two matrices that rows are gathered from passes through the GPU's
/// cache at a time. Weights and rows are of a reduced type, sums float32, second moments float32 or bfloat16; there is no first moment (β₁ = 0).
/// </summary>
internal static class LatentStepKernels
{
    /// <summary>Entries taken at once; a latent with more goes through them in several rounds.</summary>
    public const int Round = 256;

    /// <summary>The most pairs of a row.</summary>
    public const int MostPairs = 2048;

    /// <summary>
    /// A group a latent: sorts its entries by row, reads each row of g once for df = g·d and for the gradient of its direction, and there projects,
    /// steps and normalises the direction and steps bias and threshold.
    /// </summary>
    /// <param name="starts">Where each latent's entries begin <c>[N + 1]</c>.</param>
    /// <param name="rows">Rows and flags by latent; sorted afterwards.</param>
    /// <param name="codes">z by latent; receives df in the order of rows.</param>
    /// <param name="upstream">g <c>[B, d]</c>, in pairs.</param>
    /// <param name="decoder"><c>[N, d]</c>, in pairs, rows of length 1.</param>
    /// <param name="second">Its second moment <c>[N, d]</c>.</param>
    /// <param name="scalars">b, θ and their second moments <c>[N, 4]</c>.</param>
    /// <param name="numbers">Sizes and constants.</param>
    public static void UpdateDirections<TPair, TMoment>(
        ArrayView<int> starts, ArrayView<int> rows, ArrayView<float> codes, ArrayView<TPair> upstream, ArrayView<TPair> decoder, ArrayView<TMoment> second, ArrayView<float> scalars, LatentStepNumbers numbers)
        where TPair : unmanaged, IElementPair<TPair>
        where TMoment : unmanaged, IMoment<TMoment>
    {
        var gradient = SharedMemory.Allocate<float>(2 * MostPairs);
        var places = SharedMemory.Allocate<int>(Round);
        var values = SharedMemory.Allocate<float>(Round);
        var partial = SharedMemory.Allocate<float>(4 * GroupSums.MostWarps);
        var latent = Grid.IdxX;
        for (var k = Group.IdxX; k < 2 * numbers.Pairs; k += Group.DimX)
        {
            gradient[k] = 0;
        }

        float bias = 0, window = 0, windowed = 0;
        for (var from = starts[latent]; from < starts[latent + 1]; from += Round)
        {
            var entries = IntrinsicMath.Min(starts[latent + 1] - from, Round);
            Group.Barrier();
            Sort(rows, codes, places, values, from, entries);
            Group.Barrier();
            for (var entry = Group.IdxX; entry < entries; entry += Group.DimX)
            {
                rows[from + entry] = places[entry];
            }

            for (var entry = 0; entry < entries; entry += 4)
            {
                var (a, b, c, d) = GatherFour(upstream, decoder, places, values, gradient, partial, latent, numbers.Pairs, entry, entries);
                Note(a, entry, entries, from, places, codes, ref bias, ref window, ref windowed);
                Note(b, entry + 1, entries, from, places, codes, ref bias, ref window, ref windowed);
                Note(c, entry + 2, entries, from, places, codes, ref bias, ref window, ref windowed);
                Note(d, entry + 3, entries, from, places, codes, ref bias, ref window, ref windowed);
            }
        }

        Group.Barrier();
        StepDecoder(decoder, second, gradient, partial, latent, numbers);
        if (Group.IdxX == 0)
        {
            var at = 4L * latent;
            var byTheta = -((scalars[at + 1] * window) + (numbers.Slope * windowed)) * numbers.InverseBandwidth;
            StepScalar(scalars, at, bias, numbers);
            StepScalar(scalars, at + 1, byTheta, numbers);
        }
    }

    /// <summary>
    /// A group a panel of a latent's encoder row: gathers its gradient Σ df·x and steps it. All latents pass by one panel before the next, so that
    /// the panel's part of x stays in the GPU's cache.
    /// </summary>
    /// <param name="starts">Where each latent's entries begin <c>[N + 1]</c>.</param>
    /// <param name="rows">Rows and flags by latent, sorted.</param>
    /// <param name="byCode">df by latent.</param>
    /// <param name="inputs">x <c>[B, d]</c>, in pairs.</param>
    /// <param name="encoder"><c>[N, d]</c>, in pairs.</param>
    /// <param name="second">Its second moment <c>[N, d]</c>.</param>
    /// <param name="numbers">Sizes and constants.</param>
    public static void UpdateEncoder<TPair, TMoment>(
        ArrayView<int> starts, ArrayView<int> rows, ArrayView<float> byCode, ArrayView<TPair> inputs, ArrayView<TPair> encoder, ArrayView<TMoment> second, LatentStepNumbers numbers)
        where TPair : unmanaged, IElementPair<TPair>
        where TMoment : unmanaged, IMoment<TMoment>
    {
        var (latent, first) = (Grid.IdxX % numbers.Latents, Grid.IdxX / numbers.Latents * numbers.Panel);
        var (from, to, end) = (starts[latent], starts[latent + 1], IntrinsicMath.Min(first + numbers.Panel, numbers.Pairs));
        for (var pair = first + Group.IdxX; pair < end; pair += Group.DimX)
        {
            float low = 0, high = 0;
            var entry = from;
            for (; entry + 3 < to; entry += 4)
            {
                var (a, b) = (inputs[At(rows, entry, numbers.Pairs) + pair], inputs[At(rows, entry + 1, numbers.Pairs) + pair]);
                var (c, d) = (inputs[At(rows, entry + 2, numbers.Pairs) + pair], inputs[At(rows, entry + 3, numbers.Pairs) + pair]);
                var (p, q, r, s) = (Share(rows, byCode, entry), Share(rows, byCode, entry + 1), Share(rows, byCode, entry + 2), Share(rows, byCode, entry + 3));
                low += (p * a.Low()) + (q * b.Low()) + (r * c.Low()) + (s * d.Low());
                high += (p * a.High()) + (q * b.High()) + (r * c.High()) + (s * d.High());
            }

            for (; entry < to; entry++)
            {
                var (a, p) = (inputs[At(rows, entry, numbers.Pairs) + pair], Share(rows, byCode, entry));
                low += p * a.Low();
                high += p * a.High();
            }

            var at = ((long)latent * numbers.Pairs) + pair;
            var weights = encoder[at];
            encoder[at] = default(TPair).Of(Stepped(weights.Low(), low, second, 2 * at, numbers), Stepped(weights.High(), high, second, (2 * at) + 1, numbers));
        }
    }

    private static long At(ArrayView<int> rows, int entry, int pairs) => (long)(rows[entry] >> CodeTile.Shift) * pairs;

    private static float Share(ArrayView<int> rows, ArrayView<float> byCode, int entry) => (rows[entry] & CodeTile.Active) != 0 ? byCode[entry] : 0f;

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
            values[rank] = (rows[from + entry] & CodeTile.Active) != 0 ? codes[from + entry] : 0f;
        }
    }

    // Four rows of g at once: each thread adds its columns to the direction's gradient and to four products with the direction.
    private static (float A, float B, float C, float D) GatherFour<TPair>(
        ArrayView<TPair> upstream, ArrayView<TPair> decoder, ArrayView<int> places, ArrayView<float> values, ArrayView<float> gradient, ArrayView<float> partial, int latent, int pairs, int entry, int entries)
        where TPair : unmanaged, IElementPair<TPair>
    {
        var (second, third, fourth) = (IntrinsicMath.Min(entry + 1, entries - 1), IntrinsicMath.Min(entry + 2, entries - 1), IntrinsicMath.Min(entry + 3, entries - 1));
        var (atA, atB, atC, atD) = (Row(places, entry, pairs), Row(places, second, pairs), Row(places, third, pairs), Row(places, fourth, pairs));
        var p = values[entry];
        var (q, r, s) = (second == entry + 1 ? values[second] : 0f, third == entry + 2 ? values[third] : 0f, fourth == entry + 3 ? values[fourth] : 0f);
        float a = 0, b = 0, c = 0, d = 0;
        for (var pair = Group.IdxX; pair < pairs; pair += Group.DimX)
        {
            var (ga, gb, gc, gd) = (upstream[atA + pair], upstream[atB + pair], upstream[atC + pair], upstream[atD + pair]);
            var direction = decoder[((long)latent * pairs) + pair];
            var (low, high) = (direction.Low(), direction.High());
            a += (ga.Low() * low) + (ga.High() * high);
            b += (gb.Low() * low) + (gb.High() * high);
            c += (gc.Low() * low) + (gc.High() * high);
            d += (gd.Low() * low) + (gd.High() * high);
            gradient[2 * pair] += (p * ga.Low()) + (q * gb.Low()) + (r * gc.Low()) + (s * gd.Low());
            gradient[(2 * pair) + 1] += (p * ga.High()) + (q * gb.High()) + (r * gc.High()) + (s * gd.High());
        }

        return GroupSums.SumFour(a, b, c, d, partial);
    }

    private static long Row(ArrayView<int> places, int entry, int pairs) => (long)(places[entry] >> CodeTile.Shift) * pairs;

    private static void Note(float byCode, int entry, int entries, int from, ArrayView<int> places, ArrayView<float> codes, ref float bias, ref float window, ref float windowed)
    {
        if (entry < entries)
        {
            var flags = places[entry];
            bias += (flags & CodeTile.Active) != 0 ? byCode : 0f;
            window += (flags & CodeTile.Window) != 0 ? byCode : 0f;
            windowed += (flags & CodeTile.Window) != 0 ? 1f : 0f;
            if (Group.IdxX == 0)
            {
                codes[from + entry] = byCode;
            }
        }
    }

    private static void StepDecoder<TPair, TMoment>(ArrayView<TPair> decoder, ArrayView<TMoment> second, ArrayView<float> gradient, ArrayView<float> partial, int latent, LatentStepNumbers numbers)
        where TPair : unmanaged, IElementPair<TPair>
        where TMoment : unmanaged, IMoment<TMoment>
    {
        var start = (long)latent * numbers.Pairs;
        var along = 0f;
        for (var pair = Group.IdxX; pair < numbers.Pairs; pair += Group.DimX)
        {
            var w = decoder[start + pair];
            along += (w.Low() * gradient[2 * pair]) + (w.High() * gradient[(2 * pair) + 1]);
        }

        along = GroupSums.Sum(along, partial);
        var squares = 0f;
        for (var pair = Group.IdxX; pair < numbers.Pairs; pair += Group.DimX)
        {
            var at = start + pair;
            var (w, v) = (decoder[at].Low(), decoder[at].High());
            var low = Stepped(w, gradient[2 * pair] - (along * w), second, 2 * at, numbers);
            var high = Stepped(v, gradient[(2 * pair) + 1] - (along * v), second, (2 * at) + 1, numbers);
            gradient[2 * pair] = low;
            gradient[(2 * pair) + 1] = high;
            squares += (low * low) + (high * high);
        }

        var length = MathF.Sqrt(GroupSums.Sum(squares, partial));
        for (var pair = Group.IdxX; pair < numbers.Pairs; pair += Group.DimX)
        {
            decoder[start + pair] = default(TPair).Of(gradient[2 * pair] / length, gradient[(2 * pair) + 1] / length);
        }
    }

    private static float Stepped<TMoment>(float weight, float gradient, ArrayView<TMoment> second, long at, LatentStepNumbers numbers)
        where TMoment : unmanaged, IMoment<TMoment>
    {
        var moment = (numbers.Beta2 * second[at].ToSingle()) + ((1 - numbers.Beta2) * gradient * gradient);
        second[at] = default(TMoment).Near(moment, Chance((uint)at, numbers.Seed));
        return weight - (numbers.Size * gradient / ((MathF.Sqrt(moment) / numbers.Correction) + numbers.Epsilon));
    }

    // The second moment lies two places behind.
    private static void StepScalar(ArrayView<float> scalars, long at, float gradient, LatentStepNumbers numbers)
    {
        var moment = (numbers.Beta2 * scalars[at + 2]) + ((1 - numbers.Beta2) * gradient * gradient);
        scalars[at + 2] = moment;
        scalars[at] -= numbers.Size * gradient / ((MathF.Sqrt(moment) / numbers.Correction) + numbers.Epsilon);
    }

    // A mixer of 32 bits (Ellis, "lowbias32"), so that the same step gives the same bits.
    private static uint Chance(uint place, uint seed)
    {
        var x = place ^ (seed * 0x9E3779B9u);
        x = (x ^ (x >> 16)) * 0x7FEB352Du;
        x = (x ^ (x >> 15)) * 0x846CA68Bu;
        return x ^ (x >> 16);
    }
}
