using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.MaskedSoftmaxes;
using Interp.Compute.Kernels.RowNorms;
using Interp.Compute.Kernels.SigmoidGates;

namespace Interp.Gpu.Checks.Cases;

/// <summary>The kernels of a transformer's rows: norms, gates, masked softmax.</summary>
internal static class RowCases
{
    public static IEnumerable<KernelCheck> All(int scale) => [.. Of<Float32>(scale), .. Of<Bfloat16>(scale), .. Of<Float16>(scale)];

    private static IEnumerable<KernelCheck> Of<T>(int scale)
        where T : unmanaged, IElement<T> =>
        Sizes(scale).SelectMany(size => new[] { Norm<T>(size, isFull: true), Norm<T>(size, isFull: false), Gate<T>(size), Softmax<T>(size) });

    private static IEnumerable<(InputKind Input, int Rows, int Width)> Sizes(int scale) =>
        [(InputKind.Empty, 0, 5), (InputKind.Tiny, 1, 1), (InputKind.Odd, 7, 33), (InputKind.Random, 64, 96), (InputKind.Large, 130 * scale, 513)];

    private static KernelCheck Norm<T>((InputKind Input, int Rows, int Width) size, bool isFull)
        where T : unmanaged, IElement<T> => new(typeof(RowNormKernels), [nameof(RowNormKernels.Apply)], typeof(T), size.Input, 4e-6 + Typed.HalfPlace<T>(), lane =>
    {
        const float Epsilon = 1e-5f;
        var numbers = new Numbers("norm");
        var count = (long)size.Rows * size.Width;
        var (value, weight, bias) = (Typed.Of<T>(numbers.Normal(count, 3, 2)), numbers.Normal(size.Width), numbers.Normal(size.Width));
        var (scales, normalized, result) = (lane.Zeros<float>(size.Rows), lane.Zeros<T>(count), lane.Zeros<T>(count));
        var switches = isFull ? RowNormKernels.Centres | RowNormKernels.HasWeight | RowNormKernels.HasBias | RowNormKernels.KeepsNormalized : 0;
        lane.LaunchGroups(
            typeof(RowNormKernels), nameof(RowNormKernels.Apply), size.Rows, lane.Copy(value), lane.Copy(weight), lane.Copy(bias), scales, normalized, result, size.Width, switches, Epsilon);
        var (expected, before, divisors) = (new double[count], new double[isFull ? count : 0], new double[size.Rows]);
        for (var row = 0; row < size.Rows; row++)
        {
            var x = Typed.Doubles(value[(row * size.Width)..((row + 1) * size.Width)]);
            var mean = isFull ? x.Average() : 0;
            divisors[row] = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + Epsilon);
            for (var k = 0; k < size.Width; k++)
            {
                var made = (x[k] - mean) / divisors[row];
                expected[(row * size.Width) + k] = isFull ? (made * weight[k]) + bias[k] : made;
                if (isFull)
                {
                    before[(row * size.Width) + k] = made;
                }
            }
        }

        return (Numbers.Join(Typed.Doubles(lane.Read(result)), isFull ? Typed.Doubles(lane.Read(normalized)) : [], Numbers.Wide(lane.Read(scales))), Numbers.Join(expected, before, divisors));
    })
    { Detail = isFull ? "" : " (bare)" };

    private static KernelCheck Gate<T>((InputKind Input, int Rows, int Width) size)
        where T : unmanaged, IElement<T> => new(typeof(SigmoidGateKernels), [nameof(SigmoidGateKernels.Apply)], typeof(T), size.Input, 1e-6 + Typed.HalfPlace<T>(), lane =>
    {
        var numbers = new Numbers("gate");
        var count = (long)size.Rows * size.Width;
        var (value, factor, result) = (Typed.Of<T>(numbers.Normal(count, 4)), Typed.Of<T>(numbers.Normal(count)), lane.Zeros<T>(count));
        var linear = (float)(2 * Math.Sqrt(2 / Math.PI));
        var cubic = linear * 0.044715f;
        lane.Launch(typeof(SigmoidGateKernels), nameof(SigmoidGateKernels.Apply), count, lane.Copy(value), lane.Copy(factor), result, 1, linear, cubic);
        double[] expected = [.. Typed.Doubles(value).Zip(Typed.Doubles(factor), (x, f) => x / (1 + Math.Exp(-x * (linear + (cubic * x * x)))) * f)];
        return (Typed.Doubles(lane.Read(result)), expected);
    });

    private static KernelCheck Softmax<T>((InputKind Input, int Rows, int Width) size)
        where T : unmanaged, IElement<T> => new(typeof(MaskedSoftmaxKernels), [nameof(MaskedSoftmaxKernels.Apply)], typeof(T), size.Input, 2e-6 + Typed.HalfPlace<T>(), lane =>
    {
        const float Scale = 0.125f;
        var numbers = new Numbers("softmax");
        var count = (long)size.Rows * size.Width;
        var (scores, term) = (Typed.Of<T>(numbers.Normal(count, 20)), new float[count]);
        for (var i = 0; i < count; i++)
        {
            // A causal mask; the first row sees nothing at all.
            term[i] = i / size.Width == 0 || i % size.Width > i / size.Width ? float.NegativeInfinity : 0;
        }

        var (finished, pattern) = (lane.Copy(scores), lane.Zeros<T>(count));
        lane.LaunchGroups(typeof(MaskedSoftmaxKernels), nameof(MaskedSoftmaxKernels.Apply), size.Rows, finished, lane.Copy(Typed.Of<T>(term)), pattern, size.Width, Scale);
        var (expected, wanted) = (new double[count], new double[count]);
        for (var row = 0; row < size.Rows; row++)
        {
            double[] x = [.. Enumerable.Range(row * size.Width, size.Width).Select(i => default(T).Of((scores[i].ToSingle() * Scale) + term[i]).ToDouble())];
            var top = x.Max();
            double[] powers = [.. x.Select(v => double.IsNegativeInfinity(top) ? 0 : Math.Exp(v - top))];
            var sum = powers.Sum();
            for (var k = 0; k < size.Width; k++)
            {
                wanted[(row * size.Width) + k] = x[k];
                expected[(row * size.Width) + k] = sum == 0 ? 0 : powers[k] / sum;
            }
        }

        // The largest score is tens, and the pattern's numbers are at most 1: each is measured by its own.
        return (Numbers.Join(Typed.Doubles(lane.Read(pattern)), Signs(lane.Read(finished), wanted)), Numbers.Join(expected, new double[count]));
    });

    // 0 where a finished score is the expected one within a part in a million.
    private static double[] Signs<T>(T[] made, double[] wanted)
        where T : unmanaged, IReal => [.. Typed.Doubles(made).Zip(wanted, (a, b) => a.Equals(b) || Math.Abs(a - b) <= 1e-6 * Math.Abs(b) ? 0.0 : 1.0)];
}
