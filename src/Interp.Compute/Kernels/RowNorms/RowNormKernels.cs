using ILGPU;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Compute.Kernels.RowNorms;

/// <summary>The GPU version in C#: a group of threads a row, neighbours reading neighbours.</summary>
internal static class RowNormKernels
{
    public const int Centres = 1;
    public const int HasWeight = 2;
    public const int HasBias = 4;
    public const int HasScale = 8;
    public const int KeepsNormalized = 16;

    public static void Apply<T>(
        ArrayView<T> value, ArrayView<float> weight, ArrayView<float> bias, ArrayView<float> scale, ArrayView<T> normalized, ArrayView<T> result, int width, int switches, float epsilon)
        where T : unmanaged, IElement<T>
    {
        var partial = SharedMemory.Allocate<float>(GroupSums.MostWarps);
        var row = Grid.IdxX;
        var start = (long)row * width;
        var mean = 0f;
        if ((switches & Centres) != 0)
        {
            var sum = 0f;
            for (var i = Group.IdxX; i < width; i += Group.DimX)
            {
                sum += value[start + i].ToSingle();
            }

            mean = GroupSums.Sum(sum, partial) / width;
        }

        var divisor = 0f;
        if ((switches & HasScale) != 0)
        {
            divisor = scale[row];
        }
        else
        {
            var squares = 0f;
            for (var i = Group.IdxX; i < width; i += Group.DimX)
            {
                var centred = value[start + i].ToSingle() - mean;
                squares += centred * centred;
            }

            divisor = MathF.Sqrt((GroupSums.Sum(squares, partial) / width) + epsilon);
            if (Group.IdxX == 0)
            {
                scale[row] = divisor;
            }
        }

        for (var i = Group.IdxX; i < width; i += Group.DimX)
        {
            var made = (value[start + i].ToSingle() - mean) / divisor;
            if ((switches & KeepsNormalized) != 0)
            {
                normalized[start + i] = default(T).Of(made);
            }

            if ((switches & HasWeight) != 0)
            {
                made *= weight[i];
            }

            if ((switches & HasBias) != 0)
            {
                made += bias[i];
            }

            result[start + i] = default(T).Of(made);
        }
    }
}
