using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace Interp.Compute.Tests.Kernels;

/// <summary>Compiles kernels for GPUs that are not there.</summary>
internal static class PtxCompiler
{
    /// <summary>The PTX of an implicitly grouped kernel.</summary>
    public static string Compile(Type kernels, string method, int major)
    {
        var architecture = new CudaArchitecture(major, 0);
        using var context = Context.Create(builder => builder.CPU());
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_80, nvvmAPI: null);
        var entry = EntryPointDescription.FromImplicitlyGroupedKernel(kernels.GetMethod(method)!);
        return Assert.IsType<PTXCompiledKernel>(backend.Compile(entry, default(KernelSpecialization))).PTXAssembly;
    }
}
