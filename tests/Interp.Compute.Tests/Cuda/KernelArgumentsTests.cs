using System.Buffers.Binary;
using ILGPU;
using Interp.Compute.Cuda;

namespace Interp.Compute.Tests.Cuda;

/// <summary>What is passed to kernels against what their PTX declares.</summary>
public sealed class KernelArgumentsTests
{
    public static TheoryData<string> Kernels => AllKernels.Names;

    [Fact]
    public void All_kernels_are_found() => Assert.True(AllKernels.Methods.Count >= 13, $"{AllKernels.Methods.Count}");

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_compiles_for_sm_80_and_sm_90_and_its_arguments_fill_the_parameters_of_its_PTX(string name)
    {
        var method = AllKernels.Find(name);
        var arguments = AllKernels.Arguments(method);
        foreach (var (major, minor) in new[] { (8, 0), (9, 0) })
        {
            var ptx = PtxCache.Compile(method, major, minor);
            Assert.Contains(".target sm_80", ptx, StringComparison.Ordinal);
            var entry = PtxEntry.Parse(ptx);
            var (offsets, bytes) = entry.Layout();
            int? threads = PtxCache.IsImplicit(method) ? 1234567 : null;
            var packed = KernelArguments.Pack(name, entry, threads, arguments);
            Assert.Equal(bytes, packed.Length);
            var first = threads is null ? 0 : 1;
            if (first == 1)
            {
                Assert.Equal(1234567, BinaryPrimitives.ReadInt32LittleEndian(packed));
            }

            for (var i = first; i < offsets.Length; i++)
            {
                var type = method.GetParameters()[i].ParameterType;
                if (type.IsGenericType)
                {
                    Assert.Equal((0x1000 * (i - first + 1), 7 * (i - first + 1)), (BinaryPrimitives.ReadInt64LittleEndian(packed.AsSpan(offsets[i])), BinaryPrimitives.ReadInt64LittleEndian(packed.AsSpan(offsets[i] + 8))));
                }

                Assert.Equal(0, offsets[i] % entry.Parameters[i].Alignment);
            }
        }
    }

    [Fact]
    public void The_PTX_reads_structures_at_the_offsets_at_which_they_lie_in_memory()
    {
        var ptx = PtxCache.Compile(typeof(ProbeKernels).GetMethod(nameof(ProbeKernels.Mixed))!, 9, 0);
        var entry = PtxEntry.Parse(ptx);
        Assert.Equal("Kernel_Mixed", entry.Name);
        Assert.Equal([new(4, 4), new(16, 8), new(24, 8), new(4, 4), new(8, 8), new(2, 2)], entry.Parameters);
        Assert.Equal([0, 8, 24, 48, 56, 64], entry.Layout().Offsets);
        Assert.Equal(66, entry.Layout().Bytes);
        foreach (var offset in new[] { "", "+8", "+16", "+20" })
        {
            Assert.Matches($@"ld\.param\.[bf]\d+\s+%\w+, \[_numbers_\d+{System.Text.RegularExpressions.Regex.Escape(offset)}\]", ptx);
        }

        var numbers = new ProbeKernels.Numbers { A = 1, B = 2.5, C = 3, F = 4.5f };
        var packed = KernelArguments.Pack("probe", entry, 9, [new Compute.Kernels.Lanes.KernelView<double>(77, 5), numbers, 6, 7L, (System.Half)1.5f]);
        Assert.Equal((9, 77L, 5L), (BitConverter.ToInt32(packed), BitConverter.ToInt64(packed, 8), BitConverter.ToInt64(packed, 16)));
        Assert.Equal((1, 2.5, (byte)3, 4.5f), (BitConverter.ToInt32(packed, 24), BitConverter.ToDouble(packed, 32), packed[40], BitConverter.ToSingle(packed, 44)));
        Assert.Equal((6, 7L, (System.Half)1.5f), (BitConverter.ToInt32(packed, 48), BitConverter.ToInt64(packed, 56), BitConverter.ToHalf(packed, 64)));
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var entry = PtxEntry.Parse(PtxCache.Compile(typeof(ProbeKernels).GetMethod(nameof(ProbeKernels.Mixed))!, 8, 0));
        Assert.Contains("kernel probe takes 6 parameters, not 2", Assert.Throws<ArgumentException>(() => KernelArguments.Pack("probe", entry, 1, [1])).Message, StringComparison.Ordinal);
        object[] swapped = [default(Compute.Kernels.Lanes.KernelView<double>), default(ProbeKernels.Numbers), 6L, 7L, (System.Half)1];
        Assert.Contains("parameter 3 of kernel probe has 4 bytes, not 8", Assert.Throws<ArgumentException>(() => KernelArguments.Pack("probe", entry, 1, swapped)).Message, StringComparison.Ordinal);
        Assert.Contains("no entry point", Assert.Throws<InterpException>(() => PtxEntry.Parse("// nothing")).Message, StringComparison.Ordinal);
    }

    internal static class ProbeKernels
    {
        public struct Numbers
        {
            public int A;
            public double B;
            public byte C;
            public float F;
        }

        public static void Mixed(Index1D index, ArrayView<double> into, Numbers numbers, int width, long stride, ILGPU.Half half) =>
            into[index] = numbers.A + numbers.B + numbers.C + numbers.F + width + stride + (float)half;
    }
}
