using Interp.Compute.Cuda;

namespace Interp.Compute.Tests.Kernels;

/// <summary>Compiles kernels for GPUs that are not there.</summary>
internal static class PtxCompiler
{
    /// <summary>The PTX of a kernel.</summary>
    public static string Compile(Type kernels, string method, int major) => PtxCache.Compile(kernels.GetMethod(method)!, major, 0);
}
