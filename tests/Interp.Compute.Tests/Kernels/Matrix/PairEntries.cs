using Interp.Compute.Kernels;
using Interp.Compute.Kernels.Cosines;
using Interp.Compute.Kernels.Pairwise;
using Interp.Compute.Kernels.RotatedHistograms;
using Interp.Compute.LinearAlgebra;
using Interp.Gpu.Checks;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.Matrix;

/// <summary>The distribution of all cosines; none, one or only zero rows are refused.</summary>
internal sealed record CosinesEntry() : MatrixEntry("RowCosines.Histogram", [typeof(CosineProductKernels)], Elements)
{
    private const int Bins = 6;
    private const double Threshold = 0.25;

    public override Outcome Made(KernelBackend backend, ScalarType type, InputKind kind) => Outcome.Of(() =>
    {
        var version = backend == KernelBackend.Gpu ? CosineBackend.Gpu : backend == KernelBackend.Cpu ? CosineBackend.Cpu : CosineBackend.Reference;
        var made = RowCosines.Histogram(Rows(type, kind), new CosineOptions { Bins = Bins, Threshold = Threshold, Backend = version, TileRows = 37 });
        return [tensor(made.Counts.ToArray()), tensor(made.Above), tensor(made.MagnitudeAbove), tensor(made.Minimum), tensor(made.Maximum), tensor(made.NearestCosine.ToArray())];
    });

    public override Outcome Expected(ScalarType type, InputKind kind)
    {
        var rows = Wide(Rows(type, kind));
        if (kind == InputKind.Empty)
        {
            return new Outcome(null, "cosines need at least two rows that are not zero, but 0 of 0 rows are such: choose another matrix");
        }

        var unit = rows / rows.norm(1, keepdim: true);
        var all = unit.matmul(unit.t());
        var pairs = all.masked_select(ones_like(all, ScalarType.Bool).triu(1)).ToVector();
        var nearest = (all - eye(all.shape[0], dtype: ScalarType.Float64) * 9).amax([1L]);
        var counts = new long[Bins];
        Array.ForEach(pairs, cosine => counts[Math.Clamp((int)Math.Floor((cosine + 1) * (Bins / 2)), 0, Bins - 1)]++);
        return Outcome.Of(
            tensor(counts), tensor(pairs.LongCount(c => c > Threshold)), tensor(pairs.LongCount(c => Math.Abs(c) > Threshold)), tensor(pairs.Min()), tensor(pairs.Max()), nearest);
    }

    // Few bins, and seeds at which no cosine lies within rounding of an edge or the threshold.
    private static Tensor Rows(ScalarType type, InputKind kind) => kind == InputKind.Tiny ? tensor(new double[,] { { 3, 1 }, { -1, 2 } }).to(type) : Normal(12, type, Size(kind).Rows, Size(kind).Width);
}

/// <summary>A tile of products, at an offset that cuts its rows.</summary>
internal sealed record CosineProductsEntry() : MatrixEntry("CosineProducts.Count", [typeof(CosineProductKernels)], Elements)
{
    public override double Tolerance(ScalarType type) => 0;

    public override Outcome Made(KernelBackend backend, ScalarType type, InputKind kind)
    {
        var (counts, above, magnitudeAbove) = CosineProducts.Count(Tile(type, kind), 1, 3, 0.2, backend);
        return Outcome.Of(tensor(counts), tensor(above), tensor(magnitudeAbove));
    }

    public override Outcome Expected(ScalarType type, InputKind kind)
    {
        var tile = Tile(type, kind);
        var (values, counts, above, magnitudeAbove) = (tile.numel() == 0 ? [] : Wide(tile).ToVector(), new long[CosineProductKernels.Bins], 0L, 0L);
        for (var place = 0; place < values.Length; place++)
        {
            if (3 + (place % tile.shape[1]) > 1 + (place / tile.shape[1]))
            {
                counts[Math.Clamp((int)(((float)values[place] * 4096) + 4096f), 0, 8191)]++;
                above += values[place] > 0.2 ? 1 : 0;
                magnitudeAbove += Math.Abs(values[place]) > 0.2 ? 1 : 0;
            }
        }

        return Outcome.Of(tensor(counts), tensor(above), tensor(magnitudeAbove));
    }

    private static Tensor Tile(ScalarType type, InputKind kind) => (Normal(13, ScalarType.Float64, Size(kind).Rows, Size(kind).Width) * 0.2).clamp(-1, 1).to(type);
}

/// <summary>The distances of the nearest rows, and all distances; fewer than two rows are refused.</summary>
internal sealed record PairwiseEntry() : MatrixEntry("NearestRows", [typeof(PairwiseKernels)], [.. Elements, ScalarType.Float64])
{
    public override double Tolerance(ScalarType type) => 1e-12;

    public override Outcome Made(KernelBackend backend, ScalarType type, InputKind kind) => Outcome.Of(() =>
    {
        var version = backend == KernelBackend.Gpu ? PairwiseBackend.Gpu : backend == KernelBackend.Cpu ? PairwiseBackend.Cpu : PairwiseBackend.Reference;
        var table = NearestRows.Of(Rows(type, kind), 3, version);
        return [table.Distances.ToTensor(), NearestRows.AllDistances(Rows(type, kind), version)];
    });

    public override Outcome Expected(ScalarType type, InputKind kind)
    {
        var rows = Wide(Rows(type, kind));
        if (kind == InputKind.Empty)
        {
            return new Outcome(null, "neighbours need at least two rows, but there are none: choose more rows");
        }

        var distances = (rows.unsqueeze(1) - rows.unsqueeze(0)).square().sum([2L]).sqrt();
        return Outcome.Of(distances.sort(1).Values.narrow(1, 1, Math.Min(3, rows.shape[0] - 1)), distances);
    }

    private static Tensor Rows(ScalarType type, InputKind kind) => Normal(14, type, kind == InputKind.Tiny ? 2 : Size(kind).Rows, Size(kind).Width);
}

/// <summary>Every cell of a cloud's histograms at many angles; no angle gives no cells, no point is refused.</summary>
internal sealed record RotationEntry() : MatrixEntry("RotatedHistogram", [typeof(RotationKernels)], [.. Elements, ScalarType.Float64])
{
    private const int Bins = 7;

    public override double Tolerance(ScalarType type) => 0;

    public override Outcome Made(KernelBackend backend, ScalarType type, InputKind kind)
    {
        var version = backend == KernelBackend.Gpu ? RotationBackend.Gpu : backend == KernelBackend.Cpu ? RotationBackend.Cpu : RotationBackend.Reference;
        var (x, y) = Points(type, kind);
        var none = RotatedHistogram.Count(ones(3, dtype: type), ones(3, dtype: type), [], Bins, version);
        Assert.Empty(none);
        return Outcome.Of(() => [tensor(RotatedHistogram.Count(x, y, Angles(kind), Bins, version))]);
    }

    public override Outcome Expected(ScalarType type, InputKind kind)
    {
        var (x, y) = (Points(type, kind).X.ToVector(), Points(type, kind).Y.ToVector());
        if (x.Length == 0)
        {
            return new Outcome(null, "the coordinates must be equally many and not none, but there are 0 and 0: give every point both (Parameter 'y')");
        }

        var counts = new int[Angles(kind).Length * Bins * Bins];
        foreach (var (angle, number) in Angles(kind).Select((angle, number) => (angle, number)))
        {
            var (first, second) = (Places(x, y, Math.Cos(angle), Math.Sin(angle)), Places(x, y, -Math.Sin(angle), Math.Cos(angle)));
            for (var i = 0; i < x.Length; i++)
            {
                counts[(((number * Bins) + first[i]) * Bins) + second[i]]++;
            }
        }

        return Outcome.Of(tensor(counts));
    }

    private static int[] Places(double[] x, double[] y, double a, double b)
    {
        double[] values = [.. x.Zip(y, (u, v) => (a * u) + (b * v))];
        var (low, high) = (values.Min(), values.Max());
        return Array.ConvertAll(values, value => high > low ? Math.Min((int)((value - low) * (Bins / (high - low))), Bins - 1) : 0);
    }

    private static double[] Angles(InputKind kind) => kind == InputKind.Tiny ? [0.3] : [.. Enumerable.Range(0, 5).Select(i => 0.1 + (0.6 * i))];

    private static (Tensor X, Tensor Y) Points(ScalarType type, InputKind kind) =>
        (Normal(15, type, kind == InputKind.Large ? 5003 : Size(kind).Rows), Normal(16, type, kind == InputKind.Large ? 5003 : Size(kind).Rows));
}
