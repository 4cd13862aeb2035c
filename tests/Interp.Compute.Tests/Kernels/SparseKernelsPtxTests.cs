using System.Reflection;
using Interp.Compute.Cuda;
using Interp.Compute.Kernels.SparseDecode;
using Interp.Compute.Kernels.SparseGradients;
using Interp.Compute.Kernels.ThresholdCodes;
using Interp.Compute.Kernels.UnitRowAdam;

namespace Interp.Compute.Tests.Kernels;

public sealed class SparseKernelsPtxTests
{
    private static readonly Type[] s_kernels = [typeof(ThresholdKernels), typeof(SparseDecodeKernels), typeof(SparseGradientKernels), typeof(RowAdamKernels)];

    /// <summary>For sm_90 ILGPU writes PTX for sm_80 too, which the driver compiles onwards.</summary>
    [Theory]
    [InlineData(8, 0)]
    [InlineData(9, 0)]
    public void The_kernels_compile_to_PTX_without_a_GPU(int major, int minor)
    {
        MethodInfo[] methods = [.. s_kernels.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))];
        Assert.Equal(8, methods.Length);
        foreach (var method in methods)
        {
            Assert.Contains(".target sm_80", PtxCache.Compile(method, major, minor), StringComparison.Ordinal);
        }
    }
}
