using Interp.Compute.Kernels.Elements;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.Elements;

/// <summary>Reading and rounding against the runtime's and torch's own, for every number of 16 bits and what lies between them.</summary>
public sealed class ElementTests
{
    // Every float16 number, every bfloat16 number, numbers beside both, and halfway between neighbours.
    private static readonly float[] s_values =
        [.. Enumerable.Range(0, 65536).SelectMany(bits => new[]
        {
            (float)BitConverter.UInt16BitsToHalf((ushort)bits), BitConverter.UInt32BitsToSingle((uint)bits << 16), BitConverter.UInt32BitsToSingle(((uint)bits << 16) | 0x8000u),
            BitConverter.UInt32BitsToSingle(((uint)bits << 16) | 0x7FFFu), BitConverter.UInt32BitsToSingle(((uint)bits << 16) | 0x1001u),
        })];

    [Fact]
    public void Every_float16_number_is_read_as_it_is()
    {
        for (var bits = 0; bits < 65536; bits++)
        {
            Assert.Equal((float)BitConverter.UInt16BitsToHalf((ushort)bits), new Float16((ushort)bits).ToSingle());
        }
    }

    [Fact]
    public void Float16_is_rounded_as_the_runtime_rounds()
    {
        foreach (var value in s_values)
        {
            Assert.Equal((float)(System.Half)value, default(Float16).Of(value).ToSingle());
        }
    }

    [Fact]
    public void Bfloat16_is_rounded_as_torch_rounds()
    {
        using var scope = NewDisposeScope();
        var rounded = tensor(s_values).to(ScalarType.BFloat16).to(ScalarType.Float32).data<float>().ToArray();
        for (var i = 0; i < s_values.Length; i++)
        {
            Assert.Equal(rounded[i], default(Bfloat16).Of(s_values[i]).ToSingle());
        }
    }
}
