using Interp.Compute.Cuda;

namespace Interp.Compute.Tests.Kernels;

/// <summary>Compiles kernels for GPUs that are not there.</summary>
internal static class PtxCompiler
{
    /// <summary>The PTX of a kernel for a type of its inputs.</summary>
    public static string Compile(Type kernels, string method, Type element) => PtxCache.Compile(kernels.GetMethod(method)!.MakeGenericMethod(element), 9, 0);
}
