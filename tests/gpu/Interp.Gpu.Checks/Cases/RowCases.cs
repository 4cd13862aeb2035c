using Interp.Compute.Kernels.MaskedSoftmaxes;
using Interp.Compute.Kernels.RowNorms;
using Interp.Compute.Kernels.SigmoidGates;

namespace Interp.Gpu.Checks.Cases;

/// <summary>The kernels of a transformer's rows: norms, gates, masked softmax.</summary>
internal static class RowCases
{
    public static IEnumerable<KernelCheck> All(int scale) =>
        Sizes(scale).SelectMany(size => new[] { Norm(size, isFull: true), Norm(size, isFull: false), Gate(size), Softmax(size) });

    private static IEnumerable<(string Input, int Rows, int Width)> Sizes(int scale) =>
        [("empty", 0, 5), ("tiny", 1, 1), ("odd", 7, 33), ("random", 64, 96), ("large", 130 * scale, 513)];

    private static KernelCheck Norm((string Input, int Rows, int Width) size, bool isFull) => new("RowNormKernels.Apply", isFull ? size.Input : $"{size.Input}, bare", 4e-6, lane =>
    {
        const float Epsilon = 1e-5f;
        var numbers = new Numbers("norm");
        var count = (long)size.Rows * size.Width;
        var (value, weight, bias) = (numbers.Normal(count, 3, 2), numbers.Normal(size.Width), numbers.Normal(size.Width));
        var (scales, normalized, result) = (lane.Zeros<float>(size.Rows), lane.Zeros<float>(count), lane.Zeros<float>(count));
        var switches = isFull ? RowNormKernels.Centres | RowNormKernels.HasWeight | RowNormKernels.HasBias | RowNormKernels.KeepsNormalized : 0;
        lane.LaunchGroups(
            typeof(RowNormKernels), nameof(RowNormKernels.Apply), size.Rows, lane.Copy(value), lane.Copy(weight), lane.Copy(bias), scales, normalized, result, size.Width, switches, Epsilon);
        var expected = new double[count];
        for (var row = 0; row < size.Rows; row++)
        {
            var x = value.AsSpan(row * size.Width, size.Width).ToArray();
            var mean = isFull ? x.Average(v => (double)v) : 0;
            var divisor = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + Epsilon);
            for (var k = 0; k < size.Width; k++)
            {
                var made = (x[k] - mean) / divisor;
                expected[(row * size.Width) + k] = isFull ? (made * weight[k]) + bias[k] : made;
            }
        }

        return (Numbers.Wide(lane.Read(result)[..(int)count]), expected);
    });

    private static KernelCheck Gate((string Input, int Rows, int Width) size) => new("SigmoidGateKernels.Apply", size.Input, 1e-6, lane =>
    {
        var numbers = new Numbers("gate");
        var count = (long)size.Rows * size.Width;
        var (value, factor, result) = (numbers.Normal(count, 4), numbers.Normal(count), lane.Zeros<float>(count));
        var linear = (float)(2 * Math.Sqrt(2 / Math.PI));
        var cubic = linear * 0.044715f;
        lane.Launch(typeof(SigmoidGateKernels), nameof(SigmoidGateKernels.Apply), count, lane.Copy(value), lane.Copy(factor), result, 1, linear, cubic);
        double[] expected = [.. value.Zip(factor).Select(pair => pair.First / (1 + Math.Exp(-(double)pair.First * (linear + (cubic * (double)pair.First * pair.First)))) * pair.Second)];
        return (Numbers.Wide(lane.Read(result)[..(int)count]), expected);
    });

    private static KernelCheck Softmax((string Input, int Rows, int Width) size) => new("MaskedSoftmaxKernels.Apply", size.Input, 2e-6, lane =>
    {
        const float Scale = 0.125f;
        var numbers = new Numbers("softmax");
        var count = (long)size.Rows * size.Width;
        var (scores, term) = (numbers.Normal(count, 20), new float[count]);
        for (var i = 0; i < count; i++)
        {
            // A causal mask; the first row sees nothing at all.
            term[i] = i / size.Width == 0 || i % size.Width > i / size.Width ? float.NegativeInfinity : 0;
        }

        var (finished, pattern) = (lane.Copy((float[])scores.Clone()), lane.Zeros<float>(count));
        lane.LaunchGroups(typeof(MaskedSoftmaxKernels), nameof(MaskedSoftmaxKernels.Apply), size.Rows, finished, lane.Copy(term), pattern, size.Width, Scale);
        var expected = new double[count];
        for (var row = 0; row < size.Rows; row++)
        {
            double[] x = [.. Enumerable.Range(row * size.Width, size.Width).Select(i => (scores[i] * (double)Scale) + term[i])];
            var top = x.Max();
            double[] powers = [.. x.Select(v => double.IsNegativeInfinity(top) ? 0 : Math.Exp(v - top))];
            var sum = powers.Sum();
            for (var k = 0; k < size.Width; k++)
            {
                expected[(row * size.Width) + k] = sum == 0 ? 0 : powers[k] / sum;
            }
        }

        return (Numbers.Wide(lane.Read(pattern)[..(int)count]), expected);
    });
}
