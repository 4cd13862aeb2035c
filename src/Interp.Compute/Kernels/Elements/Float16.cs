using ILGPU;

namespace Interp.Compute.Kernels.Elements;

/// <summary>A float16 number (IEEE 754 binary16).</summary>
internal struct Float16(ushort bits) : IElement<Float16>
{
    private readonly ushort _bits = bits;

    public readonly float ToSingle() => Widen(_bits);

    public readonly double ToDouble() => Widen(_bits);

    public readonly Float16 Of(float value) => new((ushort)Round(value));

    /// <summary>The number of 16 bits.</summary>
    public static float Widen(uint bits) => Interop.IntAsFloat((ushort)bits);

    /// <summary>The 16 bits of the nearest number, ties to even; infinite from 65,520 on. By whole numbers, so that it rounds alike everywhere.</summary>
    public static uint Round(float value)
    {
        const uint Infinite = 0x7C00u, NoNumber = 0x7E00u, FirstTooLarge = 143u << 23, FirstNormal = 113u << 23, Magic = 126u << 23;
        var all = Interop.FloatAsInt(value);
        var (sign, bits) = ((all >> 16) & 0x8000u, all & 0x7FFFFFFFu);
        if (bits >= FirstTooLarge)
        {
            return sign | (bits > 0x7F800000u ? NoNumber : Infinite);
        }

        if (bits < FirstNormal)
        {
            // The sum's last place is the smallest subnormal number: the addition rounds.
            return sign | (Interop.FloatAsInt(Interop.IntAsFloat(bits) + Interop.IntAsFloat(Magic)) - Magic);
        }

        return sign | ((bits - (112u << 23) + 0xFFFu + ((bits >> 13) & 1u)) >> 13);
    }
}
