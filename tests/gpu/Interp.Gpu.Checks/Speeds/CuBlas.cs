using System.Runtime.InteropServices;
using Interp.Compute;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>Matrix products of bfloat16 by NVIDIA's cuBLAS, wherever a PyTorch or CUDA installation has it.</summary>
internal sealed unsafe class CuBlas : IDisposable
{
    /// <summary>The environment variable that names <c>libcublas.so</c>.</summary>
    public const string Setting = "INTERP_CUBLAS";

    private const int Transposed = 1;
    private const int Plain = 0;
    private const int Bfloat16 = 14;
    private const int Float32 = 0;
    private const int ComputeFloat32 = 68;
    private const int DefaultAlgorithm = -1;

    private readonly nint _handle;
    private readonly delegate* unmanaged<nint, int> _destroy;
    private readonly delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, int, nint, int, int, float*, nint, int, int, int, int, int> _multiply;

    private CuBlas(nint library)
    {
        var create = (delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(library, "cublasCreate_v2");
        _destroy = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "cublasDestroy_v2");
        _multiply = (delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, int, nint, int, int, float*, nint, int, int, int, int, int>)NativeLibrary.GetExport(library, "cublasGemmEx");
        nint handle;
        Check(create(&handle), "starting cuBLAS");
        _handle = handle;
    }

    /// <summary>Opens the library that the setting names, or one on the system's path; null where there is none.</summary>
    public static CuBlas? TryOpen()
    {
        string?[] names = [Environment.GetEnvironmentVariable(Setting), "libcublas.so.13", "libcublas.so.12", "libcublas.so"];
        foreach (var name in names.Where(name => !string.IsNullOrEmpty(name)))
        {
            if (NativeLibrary.TryLoad(name!, out var library))
            {
                return new CuBlas(library);
            }
        }

        return null;
    }

    /// <summary>C [m, n] = A [m, k] · B [n, k]ᵀ, all row by row; sums in float32. Does not wait.</summary>
    /// <param name="a">A's address, bfloat16.</param>
    /// <param name="b">B's address, bfloat16.</param>
    /// <param name="c">C's address.</param>
    /// <param name="m">Rows of A.</param>
    /// <param name="n">Rows of B.</param>
    /// <param name="k">Columns of both.</param>
    /// <param name="isWide">Whether C is float32; else bfloat16.</param>
    public void Multiply(nint a, nint b, nint c, int m, int n, int k, bool isWide)
    {
        // Column by column, as cuBLAS counts, it is Cᵀ = B · Aᵀ.
        float one = 1, zero = 0;
        Check(
            _multiply(_handle, Transposed, Plain, n, m, k, &one, b, Bfloat16, k, a, Bfloat16, k, &zero, c, isWide ? Float32 : Bfloat16, n, ComputeFloat32, DefaultAlgorithm), "a matrix product of cuBLAS");
    }

    public void Dispose() => _ = _destroy(_handle);

    private static void Check(int status, string doing)
    {
        if (status != 0)
        {
            throw new InterpException($"{doing}: cuBLAS answers {status}");
        }
    }
}
