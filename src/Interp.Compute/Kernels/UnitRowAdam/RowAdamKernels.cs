using ILGPU;

namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>The GPU version in C#: a thread a row projects, steps and normalises.</summary>
internal static class RowAdamKernels
{
    public static void Step(Index1D row, ArrayView<float> w, ArrayView<float> m, ArrayView<float> v, ArrayView<float> g, AdamKernelNumbers numbers)
    {
        var start = (long)(int)row * numbers.Width;
        var along = 0f;
        for (var k = 0; k < numbers.Width; k++)
        {
            along += numbers.IsUnit * w[start + k] * g[start + k];
        }

        var squares = 0f;
        for (var k = 0; k < numbers.Width; k++)
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
            var length = MathF.Sqrt(squares);
            for (var k = 0; k < numbers.Width; k++)
            {
                w[start + k] /= length;
            }
        }
    }
}
