using ILGPU;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>The GPU version in C#: a group of threads a row projects, steps and normalises.</summary>
internal static class RowAdamKernels
{
    public static void Step<T>(ArrayView<T> w, ArrayView<float> m, ArrayView<float> v, ArrayView<float> g, AdamKernelNumbers numbers)
        where T : unmanaged, IElement<T>
    {
        var partial = SharedMemory.Allocate<float>(GroupSums.MostWarps);
        var start = (long)Grid.IdxX * numbers.Width;
        var along = 0f;
        if (numbers.IsUnit != 0)
        {
            for (var k = Group.IdxX; k < numbers.Width; k += Group.DimX)
            {
                along += w[start + k].ToSingle() * g[start + k];
            }

            along = GroupSums.Sum(along, partial);
        }

        var squares = 0f;
        for (var k = Group.IdxX; k < numbers.Width; k += Group.DimX)
        {
            var at = start + k;
            var weight = w[at].ToSingle();
            var gradient = g[at] - (along * weight);
            var second = (numbers.Beta2 * v[at]) + ((1 - numbers.Beta2) * gradient * gradient);
            v[at] = second;
            var direction = gradient;
            if (numbers.HasFirst != 0)
            {
                direction = (numbers.Beta1 * m[at]) + ((1 - numbers.Beta1) * gradient);
                m[at] = direction;
            }

            var stepped = weight - (numbers.Size * direction / ((MathF.Sqrt(second) / numbers.Correction) + numbers.Epsilon));
            squares += stepped * stepped;
            if (numbers.IsUnit != 0)
            {
                // Rounded once, when its length is known.
                g[at] = stepped;
            }
            else
            {
                w[at] = default(T).Of(stepped);
            }
        }

        if (numbers.IsUnit != 0)
        {
            // Every thread has only written, and now reads, its own places.
            var length = MathF.Sqrt(GroupSums.Sum(squares, partial));
            for (var k = Group.IdxX; k < numbers.Width; k += Group.DimX)
            {
                w[start + k] = default(T).Of(g[start + k] / length);
            }
        }
    }
}
