using Interp.Compute.Devices;
using Interp.Compute.Kernels;
using Interp.Compute.Kernels.Cosines;
using Interp.Compute.Kernels.DeviceStep;
using Interp.Compute.Kernels.MaskedSoftmaxes;
using Interp.Compute.Kernels.Pairwise;
using Interp.Compute.Kernels.RotatedHistograms;
using Interp.Compute.Kernels.RowNorms;
using Interp.Compute.Kernels.SigmoidGates;
using Interp.Compute.Kernels.UnitRowAdam;
using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Gpu.Checks;

/// <summary>Kernels over libtorch's own tensors on the GPU, in its context and on its stream, beside its own operations.</summary>
internal static class TorchCases
{
    /// <summary>Whether this libtorch computes right on the GPU; run in a process of its own, since one that does not fit may crash.</summary>
    public static int Probe(TextWriter output)
    {
        TorchLibraries.Require();
        using var scope = NewDisposeScope();
        var a = arange(12, dtype: ScalarType.Float32).view(3, 4);
        output.WriteLine($"libtorch computes on the CPU: {a.matmul(a.t())[2, 2].item<float>() == 366}");
        if (!ComputeDevice.HasCuda)
        {
            output.WriteLine($"libtorch does not compute on a GPU: {ComputeDevice.WhyNoCuda}");
            return CheckProgram.Bad;
        }

        var product = a.cuda().matmul(a.cuda().t()).cpu();
        var isRight = product.Equals(a.matmul(a.t())) && product[2, 2].item<float>() == 366;
        output.WriteLine(isRight ? "libtorch computes on the GPU" : "libtorch computes something else on the GPU");
        return isRight ? CheckProgram.Good : CheckProgram.Bad;
    }

    /// <summary>Adds the comparisons; tensors lie on the GPU, expected values are libtorch's float64 on the CPU.</summary>
    /// <param name="table">Where they go.</param>
    /// <param name="device">The GPU; in tests the CPU, where the same launches run on ILGPU's accelerator.</param>
    public static void Run(CheckTable table, Device device)
    {
        using var noGradient = no_grad();
        Pairs(table, device);
        foreach (var (rows, width) in new[] { (1, 1), (7, 33), (300, 768) })
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(3, CPU);
            Tensor Normal(params long[] sizes) => randn(sizes, generator: generator);
            var (x, weight, bias) = (Normal(rows, width), Normal(width), Normal(width));
            var settings = new NormSettings(true, 1e-5, KeepsNormalized: false);
            Compare(table, "RowNorm over tensors", rows, width, 4e-6, GpuRowNorm.Apply(x.to(device), settings, weight.to(device), bias.to(device), null).Output, ReferenceRowNorm.Apply(x.to(ScalarType.Float64), settings, weight.to(ScalarType.Float64), bias.to(ScalarType.Float64), null).Output);
            Compare(table, "SigmoidGate over tensors", rows, width, 1e-6, GpuSigmoidGate.Apply(x.to(device), null, 1, 0), ReferenceSigmoidGate.Silu(x.to(ScalarType.Float64), null));
            var scores = Normal(1, 1, rows, width);
            var pattern = GpuMaskedSoftmax.Apply(scores.to(device), 0.5, null).Pattern;
            Compare(table, "MaskedSoftmax over tensors", rows, width, 2e-6, pattern, (scores.to(ScalarType.Float64) * 0.5).softmax(-1));
            var (w, v, g) = (Normal(rows, width), Normal(rows, width).square() + 0.01, Normal(rows, width));
            var (onGpu, inWide) = ((w.to(device), v.to(device)), (w.to(ScalarType.Float64), v.to(ScalarType.Float64)));
            var adam = new AdamSettings(0.01, 0, 0.999, 3);
            GpuRowAdam.Take(onGpu.Item1, null, onGpu.Item2, g.to(device), adam, RowLength.Free);
            ReferenceRowAdam.Take(inWide.Item1, null, inWide.Item2, g.to(ScalarType.Float64), adam, RowLength.Free);
            Compare(table, "RowAdam over tensors, in place", rows, width, 1e-5, onGpu.Item1, inWide.Item1);
        }
    }

    // Cosines, nearest rows, rotations and a step in bfloat16, each beside its definition on the CPU.
    private static void Pairs(CheckTable table, Device device)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4, CPU);
        Tensor Normal(params long[] sizes) => randn(sizes, generator: generator);
        var rows = Normal(90, 33);
        Tensor Cosines(Tensor values, CosineBackend backend) =>
            tensor(RowCosines.Histogram(values, new CosineOptions { Bins = 16, TileRows = 64, Backend = backend }).NearestCosine.ToArray());
        Compare(table, "RowCosines over tensors", 90, 33, 2e-6, Cosines(rows.to(device), CosineBackend.Gpu), Cosines(rows, CosineBackend.Reference));
        Compare(table, "NearestRows over tensors", 90, 33, 1e-12, NearestRows.Of(rows.to(device), 5, PairwiseBackend.Gpu).Distances.ToTensor(), NearestRows.Of(rows, 5, PairwiseBackend.Reference).Distances.ToTensor());
        Compare(table, "AllDistances over tensors", 90, 33, 1e-12, NearestRows.AllDistances(rows.to(device), PairwiseBackend.Gpu), NearestRows.AllDistances(rows, PairwiseBackend.Reference));
        Tensor Rotated(Device where, RotationBackend backend) => tensor(RotatedHistogram.Count(rows[0].to(where), rows[1].to(where), [0.1, 1.3], 5, backend));
        Compare(table, "RotatedHistogram over tensors", 33, 2, 0, Rotated(device, RotationBackend.Gpu), Rotated(CPU, RotationBackend.Reference));

        var (scalars, z, x) = (cat([zeros(34, 1), full([34, 1], 0.8f), full([34, 2], 0.01f)], 1), Normal(9, 34).to(ScalarType.BFloat16), Normal(9, 14).to(ScalarType.BFloat16));
        var (encoder, decoder) = (Normal(34, 14).to(ScalarType.BFloat16), (Normal(34, 14) / Math.Sqrt(14)).to(ScalarType.BFloat16));
        Tensor Stepped(Device where, KernelBackend backend)
        {
            Tensor Own(Tensor tensor) => tensor.to(where).clone();
            var weights = new StepWeights(Own(encoder), Own(decoder), Own(full([34, 14], 0.02f)), Own(full([34, 14], 0.02f)), Own(scalars), Own(zeros(14)));
            _ = BatchStep.Take(weights, z.to(where), x.to(where), x.to(where), 0.2, 0.1, new AdamSettings(0.05, 0, 0.99, 2, 1e-6), backend);
            return cat([weights.Encoder, weights.Decoder]);
        }

        Compare(table, "BatchStep over bfloat16 tensors, in place", 9, 14, 1.0 / 256, Stepped(device, KernelBackend.Gpu), Stepped(CPU, KernelBackend.Reference));
    }

    private static void Compare(CheckTable table, string kernel, int rows, int width, double tolerance, Tensor made, Tensor expected)
    {
        using var scope = NewDisposeScope();
        var wanted = expected.to(ScalarType.Float64);
        var error = (made.cpu().to(ScalarType.Float64) - wanted).abs().max().item<double>() / Math.Max(1, wanted.abs().max().item<double>());
        table.Add(kernel, $"{rows} x {width}", error, tolerance);
    }
}
