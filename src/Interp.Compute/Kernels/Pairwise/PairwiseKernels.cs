using ILGPU;
using Interp.Compute.Kernels.Elements;

namespace Interp.Compute.Kernels.Pairwise;

/// <summary>The GPU versions in C#: one thread a row keeps that row's nearest, one thread a pair takes a distance.</summary>
internal static class PairwiseKernels
{
    /// <summary>Keeps the nearest of one row, nearest first, by differences in float32.</summary>
    public static void TopK<T>(Index1D row, ArrayView<T> rows, ArrayView<float> squares, ArrayView<int> nearest, int width, int kept)
        where T : unmanaged, IElement<T>
    {
        var count = (int)(rows.Length / width);
        var start = (long)(int)row * kept;
        for (var place = 0; place < kept; place++)
        {
            squares[start + place] = float.PositiveInfinity;
        }

        for (var other = 0; other < count; other++)
        {
            if (other == row)
            {
                continue;
            }

            var square = 0f;
            for (var column = 0; column < width; column++)
            {
                var difference = rows[((long)(int)row * width) + column].ToSingle() - rows[((long)other * width) + column].ToSingle();
                square += difference * difference;
            }

            var last = kept - 1;
            if (square >= squares[start + last])
            {
                continue;
            }

            while (last > 0 && squares[start + last - 1] > square)
            {
                squares[start + last] = squares[start + last - 1];
                nearest[start + last] = nearest[start + last - 1];
                last--;
            }

            squares[start + last] = square;
            nearest[start + last] = other;
        }
    }

    /// <summary>The distance of one pair, in float64.</summary>
    public static void Distance<T>(Index1D pair, ArrayView<T> rows, ArrayView<double> distances, int width)
        where T : unmanaged, IReal
    {
        var count = (int)(rows.Length / width);
        var left = (long)((int)pair / count) * width;
        var right = (long)((int)pair % count) * width;
        var square = 0.0;
        for (var column = 0; column < width; column++)
        {
            var difference = rows[left + column].ToDouble() - rows[right + column].ToDouble();
            square += difference * difference;
        }

        distances[pair] = square;
    }
}
