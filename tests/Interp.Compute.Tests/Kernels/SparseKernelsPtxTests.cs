using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
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
        var architecture = new CudaArchitecture(major, minor);
        using var context = Context.Create(builder => builder.CPU());
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_80, nvvmAPI: null);
        MethodInfo[] methods = [.. s_kernels.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))];
        Assert.Equal(8, methods.Length);
        foreach (var method in methods)
        {
            var kernel = Assert.IsType<PTXCompiledKernel>(backend.Compile(EntryPointDescription.FromImplicitlyGroupedKernel(method), default(KernelSpecialization)));
            Assert.Contains(".target sm_80", kernel.PTXAssembly, StringComparison.Ordinal);
        }
    }
}
