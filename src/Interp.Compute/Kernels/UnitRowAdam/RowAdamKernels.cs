using ILGPU;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>The GPU version in C#: a group of threads a row projects, steps and normalises.</summary>
internal static class RowAdamKernels
{
    public static void Step(ArrayView<float> w, ArrayView<float> m, ArrayView<float> v, ArrayView<float> g, AdamKernelNumbers numbers)
    {
        var partial = SharedMemory.Allocate<float>(GroupSums.MostWarps);
        var start = (long)Grid.IdxX * numbers.Width;
        var along = 0f;
        if (numbers.IsUnit != 0)
        {
            for (var k = Group.IdxX; k < numbers.Width; k += Group.DimX)
            {
                along += w[start + k] * g[start + k];
            }

            along = GroupSums.Sum(along, partial);
        }

        var squares = 0f;
        for (var k = Group.IdxX; k < numbers.Width; k += Group.DimX)
        {
            var at = start + k;
            var gradient = g[at] - (along * w[at]);
            var second = (numbers.Beta2 * v[at]) + ((1 - numbers.Beta2) * gradient * gradient);
            v[at] = second;
            var direction = gradient;
            if (numbers.HasFirst != 0)
            {
                direction = (numbers.Beta1 * m[at]) + ((1 - numbers.Beta1) * gradient);
                m[at] = direction;
            }

            var stepped = w[at] - (numbers.Size * direction / ((MathF.Sqrt(second) / numbers.Correction) + numbers.Epsilon));
            w[at] = stepped;
            squares += stepped * stepped;
        }

        if (numbers.IsUnit != 0)
        {
            // Every thread has only written, and now reads, its own places.
            var length = MathF.Sqrt(GroupSums.Sum(squares, partial));
            for (var k = Group.IdxX; k < numbers.Width; k += Group.DimX)
            {
                w[start + k] /= length;
            }
        }
    }
}
