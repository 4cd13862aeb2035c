using ILGPU;
using Interp.Compute.Kernels.ThresholdCodes;

namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>The entries of a step in the order of latents: counted, their beginnings summed, then put there.</summary>
internal static class OrderStepKernels
{
    /// <summary>Counts every latent's entries; a thread a place of <c>[B, Capacity]</c>.</summary>
    public static void CountLatents(Index1D index, ArrayView<int> counts, ArrayView<int> places, ArrayView<int> perLatent)
    {
        if (index % RowStepKernels.Capacity < counts[index / RowStepKernels.Capacity])
        {
            Atomic.Add(ref perLatent[places[index] >> CodeTile.Shift], 1);
        }
    }

    /// <summary>Where each latent's entries begin, by one group of threads.</summary>
    public static void Starts(ArrayView<int> perLatent, ArrayView<int> starts)
    {
        var sums = SharedMemory.Allocate<int>(RowStepKernels.MostThreads);
        var latents = (int)starts.Length - 1;
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
        var row = index / RowStepKernels.Capacity;
        if (index % RowStepKernels.Capacity < counts[row])
        {
            var latent = places[index] >> CodeTile.Shift;
            var at = starts[latent] + Atomic.Add(ref taken[latent], 1);
            rows[at] = (row << CodeTile.Shift) | (places[index] & (CodeTile.Active | CodeTile.Window));
            byLatent[at] = values[index];
        }
    }
}
