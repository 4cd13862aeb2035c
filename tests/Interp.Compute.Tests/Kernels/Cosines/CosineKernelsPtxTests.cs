using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Interp.Compute.Kernels.Cosines;

namespace Interp.Compute.Tests.Kernels.Cosines;

public sealed class CosineKernelsPtxTests
{
    /// <summary>For sm_90 ILGPU writes PTX for sm_80 too, which the driver compiles onwards.</summary>
    [Theory]
    [InlineData(8, 0)]
    [InlineData(9, 0)]
    public void The_kernel_compiles_to_PTX_without_a_GPU(int major, int minor)
    {
        var architecture = new CudaArchitecture(major, minor);
        using var context = Context.Create(builder => builder.CPU());
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_80, nvvmAPI: null);
        var entry = EntryPointDescription.FromImplicitlyGroupedKernel(typeof(CosineKernels).GetMethod(nameof(CosineKernels.CountTile))!);
        var kernel = Assert.IsType<PTXCompiledKernel>(backend.Compile(entry, default(KernelSpecialization)));
        Assert.Contains(".target sm_80", kernel.PTXAssembly, StringComparison.Ordinal);
        foreach (var reduction in (string[])["red.add.u32", "red.min.s64", "red.max.u64"])
        {
            Assert.Contains(reduction, kernel.PTXAssembly, StringComparison.Ordinal);
        }
    }
}
