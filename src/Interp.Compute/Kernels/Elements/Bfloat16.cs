using ILGPU;

namespace Interp.Compute.Kernels.Elements;

/// <summary>A bfloat16 number: the upper half of a float32.</summary>
internal struct Bfloat16(ushort bits) : IElement<Bfloat16>, IMoment<Bfloat16>
{
    private readonly ushort _bits = bits;

    public readonly float ToSingle() => Widen(_bits);

    public readonly double ToDouble() => Widen(_bits);

    public readonly Bfloat16 Of(float value) => new((ushort)Round(value));

    public readonly Bfloat16 Near(float value, uint chance)
    {
        var bits = Interop.FloatAsInt(value);
        return new((ushort)(((bits & 0x7FFFFFFFu) >= 0x7F800000u ? Round(value) : (bits + (chance & 0xFFFFu)) >> 16)));
    }

    /// <summary>The number of 16 bits.</summary>
    public static float Widen(uint bits) => Interop.IntAsFloat(bits << 16);

    /// <summary>The 16 bits of the nearest number, ties to even; what is not a number stays none.</summary>
    public static uint Round(float value)
    {
        var bits = Interop.FloatAsInt(value);
        return (bits & 0x7FFFFFFFu) > 0x7F800000u ? (bits >> 16) | 0x40u : (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
    }
}
