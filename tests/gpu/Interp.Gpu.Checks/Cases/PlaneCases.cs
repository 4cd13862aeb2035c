using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.RotatedHistograms;

namespace Interp.Gpu.Checks.Cases;

/// <summary>The kernels of rotated histograms: ranges and every cell.</summary>
internal static class PlaneCases
{
    public static IEnumerable<KernelCheck> All(int scale) => [.. Of<Float64>(scale), .. Of<Float32>(scale), .. Of<Bfloat16>(scale), .. Of<Float16>(scale)];

    private static IEnumerable<KernelCheck> Of<T>(int scale)
        where T : unmanaged, IReal =>
        new[]
        {
            (InputKind.Empty, 0, 3, 4), (InputKind.Empty, 5, 0, 4), (InputKind.Tiny, 1, 1, 1), (InputKind.Odd, 37, 3, 7), (InputKind.Random, 200, 8, 16), (InputKind.Large, 1001 * scale, 16, 32), (InputKind.Large, 1001 * scale, 2, 100),
        }.Select(size => Rotations<T>(size.Item1, size.Item2, size.Item3, size.Item4));

    private static KernelCheck Rotations<T>(InputKind input, int points, int angles, int bins)
        where T : unmanaged, IReal => new(typeof(RotationKernels), [nameof(RotationKernels.Ranges), nameof(RotationKernels.Cells)], typeof(T), input, 1e-9, lane =>
    {
        var numbers = new Numbers("rotations");
        var (typedX, typedY) = (Reals.Of<T>(numbers.NormalDoubles(points)), Reals.Of<T>(numbers.NormalDoubles(points)));
        var (x, y) = (Typed.Doubles(typedX), Typed.Doubles(typedY));

        // No angle is a multiple of a right angle: there rounded points lie on edges, where the last bit decides.
        double[] turns = [.. Enumerable.Range(0, angles).Select(i => 0.1 + (Math.PI * i / angles)).SelectMany(angle => new[] { Math.Cos(angle), Math.Sin(angle) })];
        long[] ends = [.. Enumerable.Range(0, angles).SelectMany(_ => new[] { long.MaxValue, long.MinValue, long.MaxValue, long.MinValue })];
        var (px, py, pt, ranges, counts) = (lane.Copy(typedX), lane.Copy(typedY), lane.Copy(turns), lane.Copy(ends), lane.Zeros<int>((long)angles * bins * bins));
        const int Groups = 3;
        lane.LaunchGroups(typeof(RotationKernels), nameof(RotationKernels.Ranges), (long)angles * Groups, px, py, pt, ranges, points, Groups);
        lane.LaunchGroups(typeof(RotationKernels), nameof(RotationKernels.Cells), (long)angles * Groups, px, py, pt, ranges, counts, bins, points, Groups);
        var (expected, cells) = (new List<double>(), new double[angles * bins * bins]);
        for (var angle = 0; angle < angles && points > 0; angle++)
        {
            double[] first = [.. Enumerable.Range(0, points).Select(i => (turns[2 * angle] * x[i]) + (turns[(2 * angle) + 1] * y[i]))];
            double[] second = [.. Enumerable.Range(0, points).Select(i => (-turns[(2 * angle) + 1] * x[i]) + (turns[2 * angle] * y[i]))];
            expected.AddRange([first.Min(), first.Max(), second.Min(), second.Max()]);
            var (along, across) = (Places(first, bins), Places(second, bins));
            for (var i = 0; i < points; i++)
            {
                cells[(((angle * bins) + along[i]) * bins) + across[i]]++;
            }
        }

        double[] made = points > 0 ? Array.ConvertAll(lane.Read(ranges), RotationKernels.Unorder) : [];
        return (Numbers.Join(made, Numbers.Wide(lane.Read(counts))), Numbers.Join([.. expected], cells));
    });

    private static int[] Places(double[] values, int bins)
    {
        var (low, high) = (values.Min(), values.Max());
        return Array.ConvertAll(values, value => high > low ? Math.Min((int)((value - low) * (bins / (high - low))), bins - 1) : 0);
    }
}
