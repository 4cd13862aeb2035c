using ILGPU;

namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>Two bfloat16 numbers in one word, as neighbours lie in memory: what a GPU reads at once. Arithmetic is in float32.</summary>
internal static class Bfloat16Pair
{
    /// <summary>The first number.</summary>
    public static float Low(uint pair) => Interop.IntAsFloat(pair << 16);

    /// <summary>The second number.</summary>
    public static float High(uint pair) => Interop.IntAsFloat(pair & 0xFFFF0000u);

    /// <summary>Two numbers, rounded to the nearest, ties to even.</summary>
    public static uint Pack(float low, float high) => Round(low) | (Round(high) << 16);

    private static uint Round(float value)
    {
        var bits = Interop.FloatAsInt(value);
        return (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
    }
}
