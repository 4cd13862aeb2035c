using System.Runtime.InteropServices;

namespace Interp.Compute.Kernels.Rows;

/// <summary>
/// Keeps the matrix products of one thread on that thread until disposed, where libtorch's products come from MKL: several threads can
/// then multiply side by side, each in its own cache, and a product does not depend on the number of cores. Other threads are not touched.
/// </summary>
internal readonly unsafe struct MatrixThreads : IDisposable
{
    private static readonly delegate* unmanaged[Cdecl]<int, int> s_setLocal = Find();

    private readonly int _before;

    private MatrixThreads(int before) => _before = before;

    /// <summary>One thread a product from here on.</summary>
    public static MatrixThreads One() => new(s_setLocal is null ? 0 : s_setLocal(1));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (s_setLocal is not null)
        {
            _ = s_setLocal(_before);
        }
    }

    /// <summary>MKL's own setting for one thread; absent where libtorch was built with another library of matrix products.</summary>
    private static delegate* unmanaged[Cdecl]<int, int> Find() =>
        NativeLibrary.TryLoad("torch_cpu", typeof(MatrixThreads).Assembly, null, out var library)
        && NativeLibrary.TryGetExport(library, "MKL_Set_Num_Threads_Local", out var address)
            ? (delegate* unmanaged[Cdecl]<int, int>)address
            : null;
}
