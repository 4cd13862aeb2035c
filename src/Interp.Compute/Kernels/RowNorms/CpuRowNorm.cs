using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Interp.Compute.Kernels.Floats;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.RowNorms;

/// <summary>The version for the CPU: rows side by side, each read while it is in the first cache.</summary>
internal static class CpuRowNorm
{
    /// <summary>See <see cref="RowNorm.Apply"/>.</summary>
    public static unsafe NormedRows Apply(Tensor value, NormSettings settings, Tensor? weight, Tensor? bias, Tensor? scale)
    {
        var width = value.shape[^1];
        var (output, normalized) = (empty_like(value), settings.KeepsNormalized ? empty_like(value) : null);
        var divisor = scale is null ? empty([.. value.shape[..^1], 1], ScalarType.Float32) : scale.alias();
        var row = new Row
        {
            Width = (int)width,
            IsCentred = settings.IsCentred,
            Epsilon = (float)settings.Epsilon,
            OwnsScale = scale is null,
            Weight = (nint)FloatMemory.Of(weight),
            Bias = (nint)FloatMemory.Of(bias),
        };
        var (source, scales, target, kept) = ((nint)FloatMemory.Of(value), (nint)FloatMemory.Of(divisor), (nint)FloatMemory.Of(output), (nint)FloatMemory.Of(normalized));
        RowBlocks.Run(value.NumberOfElements / width, width, (from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                row.Run((float*)source + (i * width), (float*)scales + i, kept == 0 ? null : (float*)kept + (i * width), (float*)target + (i * width));
            }
        });
        return new NormedRows(output, divisor, normalized);
    }

    private readonly struct Row
    {
        public required int Width { get; init; }

        public required bool IsCentred { get; init; }

        public required float Epsilon { get; init; }

        /// <summary>Whether the divisor is computed and written, not read.</summary>
        public required bool OwnsScale { get; init; }

        public required nint Weight { get; init; }

        public required nint Bias { get; init; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public unsafe void Run(float* source, float* scale, float* normalized, float* target)
        {
            var mean = IsCentred ? Sum(source, Width) / Width : 0;
            if (OwnsScale)
            {
                *scale = MathF.Sqrt((SquareSum(source, Width, mean) / Width) + Epsilon);
            }

            var weight = (float*)Weight;
            var bias = (float*)Bias;
            var (means, inverse) = (Vector512.Create(mean), Vector512.Create(1 / *scale));
            var i = 0;
            for (; i <= Width - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                var made = (Vector512.Load(source + i) - means) * inverse;
                if (normalized is not null)
                {
                    Vector512.Store(made, normalized + i);
                }

                made = weight is null ? made : made * Vector512.Load(weight + i);
                Vector512.Store(bias is null ? made : made + Vector512.Load(bias + i), target + i);
            }

            for (; i < Width; i++)
            {
                var made = (source[i] - mean) * inverse[0];
                if (normalized is not null)
                {
                    normalized[i] = made;
                }

                made = weight is null ? made : made * weight[i];
                target[i] = bias is null ? made : made + bias[i];
            }
        }

        private static unsafe float Sum(float* source, int width)
        {
            var sums = Vector512<float>.Zero;
            var i = 0;
            for (; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                sums += Vector512.Load(source + i);
            }

            var sum = Vector512.Sum(sums);
            for (; i < width; i++)
            {
                sum += source[i];
            }

            return sum;
        }

        private static unsafe float SquareSum(float* source, int width, float mean)
        {
            var (means, sums) = (Vector512.Create(mean), Vector512<float>.Zero);
            var i = 0;
            for (; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                var centred = Vector512.Load(source + i) - means;
                sums = Vector512.FusedMultiplyAdd(centred, centred, sums);
            }

            var sum = Vector512.Sum(sums);
            for (; i < width; i++)
            {
                sum += (source[i] - mean) * (source[i] - mean);
            }

            return sum;
        }
    }
}
