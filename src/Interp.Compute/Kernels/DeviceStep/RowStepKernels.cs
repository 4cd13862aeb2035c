using ILGPU;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;
using Interp.Compute.Kernels.ThresholdCodes;

namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>
/// A training step of a dictionary with thresholds in a reduced type, the part by rows: the encoder's product is compacted, decoded, and
/// compared with the target. Sums are in float32.
/// </summary>
internal static class RowStepKernels
{
    /// <summary>The most entries of a row; a row with more is told by its count.</summary>
    public const int Capacity = 512;

    /// <summary>Rows that a group compacts at once: what it reads of limits serves all of them, and four reads are on their way at a time.</summary>
    public const int RowsAtOnce = 4;

    /// <summary>The most threads of a group.</summary>
    public const int MostThreads = 256;

    /// <summary>Keeps the entries above their latent's limit or within half a window of it, in the order of latents. What is not a number is kept as active.</summary>
    /// <param name="products">x·W_encᵀ <c>[B, N]</c>, in pairs.</param>
    /// <param name="limits">θ − b <c>[N]</c>.</param>
    /// <param name="biases">b <c>[N]</c>.</param>
    /// <param name="counts">Receives the entries of each row <c>[B]</c>.</param>
    /// <param name="places">Receives latents and flags <c>[B, Capacity]</c>.</param>
    /// <param name="values">Receives z <c>[B, Capacity]</c>.</param>
    /// <param name="rows">B.</param>
    /// <param name="pairs">N / 2.</param>
    /// <param name="half">Half the window.</param>
    public static void Compact<TPair>(
        ArrayView<TPair> products, ArrayView<float> limits, ArrayView<float> biases, ArrayView<int> counts, ArrayView<int> places, ArrayView<float> values, int rows, int pairs, float half)
        where TPair : unmanaged, IElementPair<TPair>
    {
        var found = SharedMemory.Allocate<int>(RowsAtOnce * Capacity);
        var kept = SharedMemory.Allocate<float>(RowsAtOnce * Capacity);
        var count = SharedMemory.Allocate<int>(RowsAtOnce);
        if (Group.IdxX < RowsAtOnce)
        {
            count[Group.IdxX] = 0;
        }

        Group.Barrier();
        var row = Grid.IdxX * RowsAtOnce;
        var (start, most) = ((long)row * pairs, rows - row);
        var (second, third, fourth) = (most > 1 ? start + pairs : start, most > 2 ? start + (2L * pairs) : start, most > 3 ? start + (3L * pairs) : start);
        for (var pair = Group.IdxX; pair < pairs; pair += Group.DimX)
        {
            var (a, b, c, d) = (products[start + pair], products[second + pair], products[third + pair], products[fourth + pair]);
            var (low, high) = (limits[2 * pair], limits[(2 * pair) + 1]);
            Offer(0, a, pair, low, high, biases, found, kept, count, half);
            if (most > 1)
            {
                Offer(1, b, pair, low, high, biases, found, kept, count, half);
            }

            if (most > 2)
            {
                Offer(2, c, pair, low, high, biases, found, kept, count, half);
            }

            if (most > 3)
            {
                Offer(3, d, pair, low, high, biases, found, kept, count, half);
            }
        }

        Group.Barrier();
        for (var slot = 0; slot < IntrinsicMath.Min(RowsAtOnce, most); slot++)
        {
            Write(slot, row + slot, found, kept, count, counts, places, values);
        }
    }

    /// <summary>
    /// residual = scale·(f·W_dec + b − y), and Σ(x̂ − y)² of each row and panel. A group takes a panel of columns of a row; all rows pass by one panel
    /// before the next, so that the panel's part of W_dec stays in the GPU's cache.
    /// </summary>
    /// <param name="counts">Entries of each row.</param>
    /// <param name="places">Latents and flags.</param>
    /// <param name="values">z.</param>
    /// <param name="decoder"><c>[N, d]</c>, in pairs.</param>
    /// <param name="bias">b_dec <c>[d]</c>.</param>
    /// <param name="target">y <c>[B, d]</c>, in pairs.</param>
    /// <param name="residual">Receives the residual <c>[B, d]</c>, in pairs.</param>
    /// <param name="losses">Receives the sums of squares <c>[B, panels]</c>.</param>
    /// <param name="rows">B.</param>
    /// <param name="pairs">d / 2.</param>
    /// <param name="panel">Pairs of a panel, at most the threads of a group.</param>
    /// <param name="scale">What the residual is multiplied by.</param>
    public static void Decode<TPair>(
        ArrayView<int> counts, ArrayView<int> places, ArrayView<float> values, ArrayView<TPair> decoder, ArrayView<float> bias, ArrayView<TPair> target, ArrayView<TPair> residual, ArrayView<float> losses, int rows, int pairs, int panel, float scale)
        where TPair : unmanaged, IElementPair<TPair>
    {
        var latents = SharedMemory.Allocate<int>(Capacity);
        var codes = SharedMemory.Allocate<float>(Capacity);
        var lows = SharedMemory.Allocate<float>(MostThreads);
        var highs = SharedMemory.Allocate<float>(MostThreads);
        var partial = SharedMemory.Allocate<float>(GroupSums.MostWarps);
        var (row, number) = (Grid.IdxX % rows, Grid.IdxX / rows);
        var entries = IntrinsicMath.Min(counts[row], Capacity);
        for (var entry = Group.IdxX; entry < entries; entry += Group.DimX)
        {
            var place = places[((long)row * Capacity) + entry];
            latents[entry] = place >> CodeTile.Shift;
            codes[entry] = (place & CodeTile.Active) != 0 ? values[((long)row * Capacity) + entry] : 0f;
        }

        Group.Barrier();
        // Threads beyond the panel's pairs form further teams: each team takes every so many-th entry.
        var (team, teams, pair) = (Group.IdxX / panel, Group.DimX / panel, (number * panel) + (Group.IdxX % panel));
        float low = 0, high = 0;
        if (team < teams && pair < pairs)
        {
            var entry = team;
            for (; entry + (3 * teams) < entries; entry += 4 * teams)
            {
                var (first, second, third, fourth) = (entry, entry + teams, entry + (2 * teams), entry + (3 * teams));
                var (a, b) = (decoder[((long)latents[first] * pairs) + pair], decoder[((long)latents[second] * pairs) + pair]);
                var (c, d) = (decoder[((long)latents[third] * pairs) + pair], decoder[((long)latents[fourth] * pairs) + pair]);
                low += (codes[first] * a.Low()) + (codes[second] * b.Low()) + (codes[third] * c.Low()) + (codes[fourth] * d.Low());
                high += (codes[first] * a.High()) + (codes[second] * b.High()) + (codes[third] * c.High()) + (codes[fourth] * d.High());
            }

            for (; entry < entries; entry += teams)
            {
                var a = decoder[((long)latents[entry] * pairs) + pair];
                low += codes[entry] * a.Low();
                high += codes[entry] * a.High();
            }
        }

        lows[Group.IdxX] = low;
        highs[Group.IdxX] = high;
        Group.Barrier();
        var squares = 0f;
        if (team == 0 && pair < pairs)
        {
            for (var other = 1; other < teams; other++)
            {
                low += lows[Group.IdxX + (other * panel)];
                high += highs[Group.IdxX + (other * panel)];
            }

            var at = ((long)row * pairs) + pair;
            var wanted = target[at];
            low += bias[2 * pair] - wanted.Low();
            high += bias[(2 * pair) + 1] - wanted.High();
            squares = (low * low) + (high * high);
            residual[at] = default(TPair).Of(low * scale, high * scale);
        }

        var loss = GroupSums.Sum(squares, partial);
        if (Group.IdxX == 0)
        {
            losses[((long)row * ((pairs + panel - 1) / panel)) + number] = loss;
        }
    }

    private static void Offer<TPair>(
        int slot, TPair products, int pair, float low, float high, ArrayView<float> biases, ArrayView<int> found, ArrayView<float> kept, ArrayView<int> count, float half)
        where TPair : unmanaged, IElementPair<TPair>
    {
        OfferOne(slot, 2 * pair, products.Low(), low, biases, found, kept, count, half);
        OfferOne(slot, (2 * pair) + 1, products.High(), high, biases, found, kept, count, half);
    }

    private static void OfferOne(int slot, int latent, float product, float limit, ArrayView<float> biases, ArrayView<int> found, ArrayView<float> kept, ArrayView<int> count, float half)
    {
        var over = product - limit;
        if (over <= -half)
        {
            return;
        }

        var flags = (over <= 0 ? 0 : CodeTile.Active) | (IntrinsicMath.Abs(over) < half ? CodeTile.Window : 0);
        if (flags == 0)
        {
            return;
        }

        var at = Atomic.Add(ref count[slot], 1);
        if (at < Capacity)
        {
            found[(slot * Capacity) + at] = (latent << CodeTile.Shift) | flags;
            kept[(slot * Capacity) + at] = product + biases[latent];
        }
    }

    private static void Write(
        int slot, int row, ArrayView<int> found, ArrayView<float> kept, ArrayView<int> count, ArrayView<int> counts, ArrayView<int> places, ArrayView<float> values)
    {
        var (first, entries) = (slot * Capacity, IntrinsicMath.Min(count[slot], Capacity));
        for (var entry = Group.IdxX; entry < entries; entry += Group.DimX)
        {
            // Which thread came first is chance; the order of latents is not.
            var rank = 0;
            for (var other = 0; other < entries; other++)
            {
                rank += found[first + other] < found[first + entry] ? 1 : 0;
            }

            places[((long)row * Capacity) + rank] = found[first + entry];
            values[((long)row * Capacity) + rank] = kept[first + entry];
        }

        if (Group.IdxX == 0)
        {
            counts[row] = count[slot];
        }
    }
}
