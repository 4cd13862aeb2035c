using Interp.Compute.Devices;
using Interp.Compute.Kernels.MaskedSoftmaxes;
using Interp.Compute.Kernels.RowNorms;
using Interp.Compute.Kernels.SigmoidGates;
using Interp.Compute.Kernels.UnitRowAdam;
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
    public static void Run(CheckTable table)
    {
        using var noGradient = no_grad();
        foreach (var (rows, width) in new[] { (1, 1), (7, 33), (300, 768) })
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(3, CPU);
            Tensor Normal(params long[] sizes) => randn(sizes, generator: generator);
            var (x, weight, bias) = (Normal(rows, width), Normal(width), Normal(width));
            var settings = new NormSettings(true, 1e-5, KeepsNormalized: false);
            Compare(table, "RowNorm over tensors", rows, width, 4e-6, GpuRowNorm.Apply(x.cuda(), settings, weight.cuda(), bias.cuda(), null).Output, ReferenceRowNorm.Apply(x.to(ScalarType.Float64), settings, weight.to(ScalarType.Float64), bias.to(ScalarType.Float64), null).Output);
            Compare(table, "SigmoidGate over tensors", rows, width, 1e-6, GpuSigmoidGate.Apply(x.cuda(), null, 1, 0), ReferenceSigmoidGate.Silu(x.to(ScalarType.Float64), null));
            var scores = Normal(1, 1, rows, width);
            var pattern = GpuMaskedSoftmax.Apply(scores.cuda(), 0.5, null).Pattern;
            Compare(table, "MaskedSoftmax over tensors", rows, width, 2e-6, pattern, (scores.to(ScalarType.Float64) * 0.5).softmax(-1));
            var (w, v, g) = (Normal(rows, width), Normal(rows, width).square() + 0.01, Normal(rows, width));
            var (onGpu, inWide) = ((w.cuda(), v.cuda()), (w.to(ScalarType.Float64), v.to(ScalarType.Float64)));
            var adam = new AdamSettings(0.01, 0, 0.999, 3);
            GpuRowAdam.Take(onGpu.Item1, null, onGpu.Item2, g.cuda(), adam, RowLength.Free);
            ReferenceRowAdam.Take(inWide.Item1, null, inWide.Item2, g.to(ScalarType.Float64), adam, RowLength.Free);
            Compare(table, "RowAdam over tensors, in place", rows, width, 1e-5, onGpu.Item1, inWide.Item1);
        }
    }

    private static void Compare(CheckTable table, string kernel, int rows, int width, double tolerance, Tensor made, Tensor expected)
    {
        using var scope = NewDisposeScope();
        var wanted = expected.to(ScalarType.Float64);
        var error = (made.cpu().to(ScalarType.Float64) - wanted).abs().max().item<double>() / Math.Max(1, wanted.abs().max().item<double>());
        table.Add(kernel, $"{rows} x {width}", error, tolerance);
    }
}
