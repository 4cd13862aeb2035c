using ILGPU;
using Interp.Compute.Kernels.Lanes;
using Interp.Compute.Kernels.ThresholdCodes;

namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>
/// A training step of a dictionary with thresholds in bfloat16, the part by rows: a group of threads a row compacts the encoder's product,
/// decodes it and takes the residual; then the entries are put in order of latents. Sums are in float32.
/// </summary>
internal static class RowStepKernels
{
    /// <summary>The most entries of a row; a row with more is told by its count.</summary>
    public const int Capacity = 512;

    /// <summary>The most threads of a group.</summary>
    public const int MostThreads = 256;

    /// <summary>Keeps the entries above their latent's limit or within half a window of it, in the order of latents.</summary>
    /// <param name="products">x·W_encᵀ <c>[B, N]</c>, in pairs.</param>
    /// <param name="limits">θ − b <c>[N]</c>.</param>
    /// <param name="biases">b <c>[N]</c>.</param>
    /// <param name="counts">Receives the entries of each row.</param>
    /// <param name="places">Receives latents and flags <c>[B, Capacity]</c>.</param>
    /// <param name="values">Receives z <c>[B, Capacity]</c>.</param>
    /// <param name="pairs">N / 2.</param>
    /// <param name="half">Half the window.</param>
    public static void Compact(
        ArrayView<uint> products, ArrayView<float> limits, ArrayView<float> biases, ArrayView<int> counts, ArrayView<int> places, ArrayView<float> values, int pairs, float half)
    {
        var found = SharedMemory.Allocate<int>(Capacity);
        var kept = SharedMemory.Allocate<float>(Capacity);
        var count = SharedMemory.Allocate<int>(1);
        if (Group.IdxX == 0)
        {
            count[0] = 0;
        }

        Group.Barrier();
        var row = Grid.IdxX;
        for (var pair = Group.IdxX; pair < pairs; pair += Group.DimX)
        {
            var two = products[((long)row * pairs) + pair];
            Offer(2 * pair, Bfloat16Pair.Low(two), limits, biases, found, kept, count, half);
            Offer((2 * pair) + 1, Bfloat16Pair.High(two), limits, biases, found, kept, count, half);
        }

        Group.Barrier();
        var entries = IntrinsicMath.Min(count[0], Capacity);
        for (var entry = Group.IdxX; entry < entries; entry += Group.DimX)
        {
            // Which thread came first is chance; the order of latents is not.
            var rank = 0;
            for (var other = 0; other < entries; other++)
            {
                rank += found[other] < found[entry] ? 1 : 0;
            }

            places[((long)row * Capacity) + rank] = found[entry];
            values[((long)row * Capacity) + rank] = kept[entry];
        }

        if (Group.IdxX == 0)
        {
            counts[row] = count[0];
        }
    }

    /// <summary>residual = scale·(f·W_dec + b − y) in bfloat16, and Σ(x̂ − y)² of each row.</summary>
    public static void Decode(
        ArrayView<int> counts, ArrayView<int> places, ArrayView<float> values, ArrayView<uint> decoder, ArrayView<float> bias, ArrayView<uint> target, ArrayView<uint> residual, ArrayView<float> losses, int pairs, float scale)
    {
        var latents = SharedMemory.Allocate<int>(Capacity);
        var codes = SharedMemory.Allocate<float>(Capacity);
        var partial = SharedMemory.Allocate<float>(GroupSums.MostWarps);
        var row = Grid.IdxX;
        var entries = IntrinsicMath.Min(counts[row], Capacity);
        for (var entry = Group.IdxX; entry < entries; entry += Group.DimX)
        {
            var place = places[((long)row * Capacity) + entry];
            latents[entry] = place >> CodeTile.Shift;
            codes[entry] = (place & CodeTile.Active) != 0 ? values[((long)row * Capacity) + entry] : 0f;
        }

        Group.Barrier();
        var squares = 0f;
        for (var pair = Group.IdxX; pair < pairs; pair += Group.DimX)
        {
            var (low, high) = (bias[2 * pair], bias[(2 * pair) + 1]);
            for (var entry = 0; entry < entries; entry++)
            {
                var direction = decoder[((long)latents[entry] * pairs) + pair];
                low += codes[entry] * Bfloat16Pair.Low(direction);
                high += codes[entry] * Bfloat16Pair.High(direction);
            }

            var wanted = target[((long)row * pairs) + pair];
            low -= Bfloat16Pair.Low(wanted);
            high -= Bfloat16Pair.High(wanted);
            squares += (low * low) + (high * high);
            residual[((long)row * pairs) + pair] = Bfloat16Pair.Pack(low * scale, high * scale);
        }

        var loss = GroupSums.Sum(squares, partial);
        if (Group.IdxX == 0)
        {
            losses[row] = loss;
        }
    }

    /// <summary>Counts every latent's entries; a thread a place of <c>[B, Capacity]</c>.</summary>
    public static void CountLatents(Index1D index, ArrayView<int> counts, ArrayView<int> places, ArrayView<int> perLatent)
    {
        if (index % Capacity < counts[index / Capacity])
        {
            Atomic.Add(ref perLatent[places[index] >> CodeTile.Shift], 1);
        }
    }

    /// <summary>Where each latent's entries begin, by one group of threads.</summary>
    public static void Starts(ArrayView<int> perLatent, ArrayView<int> starts)
    {
        var sums = SharedMemory.Allocate<int>(MostThreads);
        var latents = (int)perLatent.Length;
        var share = (latents + Group.DimX - 1) / Group.DimX;
        var from = Group.IdxX * share;
        var to = IntrinsicMath.Min(from + share, latents);
        var own = 0;
        for (var latent = from; latent < to; latent++)
        {
            own += perLatent[latent];
        }

        sums[Group.IdxX] = own;
        Group.Barrier();
        var before = 0;
        for (var thread = 0; thread < Group.IdxX; thread++)
        {
            before += sums[thread];
        }

        for (var latent = from; latent < to; latent++)
        {
            starts[latent] = before;
            before += perLatent[latent];
        }

        if (Group.IdxX == Group.DimX - 1)
        {
            starts[latents] = before;
        }
    }

    /// <summary>Puts rows and values in order of latents, those of one latent in any order; a thread a place of <c>[B, Capacity]</c>.</summary>
    public static void FillLatents(
        Index1D index, ArrayView<int> counts, ArrayView<int> places, ArrayView<float> values, ArrayView<int> starts, ArrayView<int> taken, ArrayView<int> rows, ArrayView<float> byLatent)
    {
        var row = index / Capacity;
        if (index % Capacity < counts[row])
        {
            var latent = places[index] >> CodeTile.Shift;
            var at = starts[latent] + Atomic.Add(ref taken[latent], 1);
            rows[at] = (row << CodeTile.Shift) | (places[index] & (CodeTile.Active | CodeTile.Window));
            byLatent[at] = values[index];
        }
    }

    private static void Offer(int latent, float product, ArrayView<float> limits, ArrayView<float> biases, ArrayView<int> found, ArrayView<float> kept, ArrayView<int> count, float half)
    {
        var over = product - limits[latent];
        if (over > -half)
        {
            var flags = (over > 0 ? CodeTile.Active : 0) | (over < half ? CodeTile.Window : 0);
            if (flags == 0)
            {
                return;
            }

            var at = Atomic.Add(ref count[0], 1);
            if (at < Capacity)
            {
                found[at] = (latent << CodeTile.Shift) | flags;
                kept[at] = product + biases[latent];
            }
        }
    }
}
