using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Compute.Cuda;

/// <summary>A kernel's arguments as the bytes that its PTX reads.</summary>
internal static class KernelArguments
{
    private static readonly ConcurrentDictionary<Type, Func<object, byte[]>> s_writers = new();

    /// <summary>Packs arguments.</summary>
    /// <param name="kernel">The kernel's name, for messages.</param>
    /// <param name="entry">What the PTX declares.</param>
    /// <param name="threads">The number of threads; null for a kernel that is grouped explicitly.</param>
    /// <param name="arguments">Numbers, structures of numbers, and views.</param>
    /// <exception cref="ArgumentException">There are more or fewer than the PTX declares, or one has another size.</exception>
    public static byte[] Pack(string kernel, PtxEntry entry, int? threads, IReadOnlyList<object> arguments)
    {
        byte[][] values = [.. threads is { } count ? [Bytes(count)] : Array.Empty<byte[]>(), .. arguments.Select(Bytes)];
        if (values.Length != entry.Parameters.Count)
        {
            throw new ArgumentException($"kernel {kernel} takes {entry.Parameters.Count} parameters, not {values.Length}", nameof(arguments));
        }

        var (offsets, total) = entry.Layout();
        var packed = new byte[total];
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Length != entry.Parameters[i].Bytes)
            {
                throw new ArgumentException($"parameter {i} of kernel {kernel} has {entry.Parameters[i].Bytes} bytes, not {values[i].Length}", nameof(arguments));
            }

            values[i].CopyTo(packed, offsets[i]);
        }

        return packed;
    }

    private static byte[] Bytes(object value) => s_writers.GetOrAdd(value.GetType(), Writer)(value);

    private static Func<object, byte[]> Writer(Type type)
    {
        var isView = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KernelView<>);
        var method = typeof(KernelArguments).GetMethod(nameof(Raw), BindingFlags.NonPublic | BindingFlags.Static)!;
        return isView || type.IsValueType
            ? method.MakeGenericMethod(type).CreateDelegate<Func<object, byte[]>>()
            : throw new ArgumentException($"a {type.Name} cannot be a kernel's argument");
    }

    // A view is its pointer and its length: 16 bytes, as ILGPU's PTX reads them.
    private static byte[] Raw<T>(object value)
        where T : unmanaged
    {
        var typed = (T)value;
        return MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in typed)).ToArray();
    }
}
