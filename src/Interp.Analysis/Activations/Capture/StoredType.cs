namespace Interp.Analysis.Activations.Capture;

/// <summary>The element types that activations are stored in; readers widen them to float32.</summary>
public enum StoredType
{
    /// <summary>Four bytes a number.</summary>
    Float32,

    /// <summary>Two bytes a number, the exponents of float32.</summary>
    Bfloat16,

    /// <summary>Two bytes a number, magnitudes up to 65504.</summary>
    Float16,
}
