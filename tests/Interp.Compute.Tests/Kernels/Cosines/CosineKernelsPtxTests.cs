using Interp.Compute.Cuda;
using Interp.Compute.Kernels.Cosines;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.RotatedHistograms;

namespace Interp.Compute.Tests.Kernels.Cosines;

/// <summary>Atomic operations whose result nobody reads become reductions, which a GPU does in its cache.</summary>
public sealed class CosineKernelsPtxTests
{
    [Fact]
    public void Counting_a_tile_takes_reductions()
    {
        var ptx = PtxCompiler.Compile(typeof(CosineProductKernels), nameof(CosineProductKernels.CountNearest), typeof(Float32));
        foreach (var reduction in (string[])["red.add.global.u64", "red.min.global.s64", "red.max.global.u64", "red.add.shared.u32"])
        {
            Assert.Contains(reduction, ptx, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(nameof(RotationKernels.Ranges), "red.min.global.s64")]
    [InlineData(nameof(RotationKernels.Ranges), "red.max.global.s64")]
    [InlineData(nameof(RotationKernels.Cells), "red.add.global")]
    [InlineData(nameof(RotationKernels.Cells), "red.add.shared")]
    public void Counting_rotated_points_takes_reductions(string kernel, string reduction) =>
        Assert.Contains(reduction, PtxCompiler.Compile(typeof(RotationKernels), kernel, typeof(Float64)), StringComparison.Ordinal);

    [Fact]
    public void Numbers_of_16_bits_are_read_as_such()
    {
        Assert.Contains("ld.global.b16", PtxCompiler.Compile(typeof(CosineProductKernels), nameof(CosineProductKernels.CountNearest), typeof(Bfloat16)), StringComparison.Ordinal);
    }
}
