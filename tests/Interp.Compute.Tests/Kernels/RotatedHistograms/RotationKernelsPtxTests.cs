using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Interp.Compute.Kernels.RotatedHistograms;

namespace Interp.Compute.Tests.Kernels.RotatedHistograms;

public sealed class RotationKernelsPtxTests
{
    [Theory]
    [InlineData(8, 0, nameof(RotationKernels.Ranges), "red.min.s64")]
    [InlineData(9, 0, nameof(RotationKernels.Ranges), "red.max.s64")]
    [InlineData(8, 0, nameof(RotationKernels.Cells), "red.add")]
    [InlineData(9, 0, nameof(RotationKernels.Cells), "red.add")]
    public void The_kernels_compile_to_PTX_without_a_GPU(int major, int minor, string kernel, string reduction)
    {
        var architecture = new CudaArchitecture(major, minor);
        using var context = Context.Create(builder => builder.CPU());
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_80, nvvmAPI: null);
        var entry = EntryPointDescription.FromImplicitlyGroupedKernel(typeof(RotationKernels).GetMethod(kernel)!);
        var compiled = Assert.IsType<PTXCompiledKernel>(backend.Compile(entry, default(KernelSpecialization)));
        Assert.Contains(reduction, compiled.PTXAssembly, StringComparison.Ordinal);
    }
}
