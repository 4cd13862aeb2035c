using ILGPU;

namespace Interp.Compute.Kernels.RowNorms;

/// <summary>The GPU version in C#: one thread a row.</summary>
internal static class RowNormKernels
{
    public const int Centres = 1;
    public const int HasWeight = 2;
    public const int HasBias = 4;
    public const int HasScale = 8;

    public static void Apply(
        Index1D row, ArrayView<float> value, ArrayView<float> weight, ArrayView<float> bias, ArrayView<float> scale, ArrayView<float> normalized, ArrayView<float> result, int switches, float epsilon)
    {
        var width = (int)(value.Length / scale.Length);
        var start = (long)(int)row * width;
        var mean = 0f;
        if ((switches & Centres) != 0)
        {
            for (var i = 0; i < width; i++)
            {
                mean += value[start + i];
            }

            mean /= width;
        }

        if ((switches & HasScale) == 0)
        {
            var squares = 0f;
            for (var i = 0; i < width; i++)
            {
                var centred = value[start + i] - mean;
                squares += centred * centred;
            }

            scale[row] = MathF.Sqrt((squares / width) + epsilon);
        }

        for (var i = 0; i < width; i++)
        {
            var made = (value[start + i] - mean) / scale[row];
            normalized[start + i] = made;
            made = (switches & HasWeight) != 0 ? made * weight[i] : made;
            result[start + i] = (switches & HasBias) != 0 ? made + bias[i] : made;
        }
    }
}
