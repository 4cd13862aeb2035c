using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>The element types of safetensors files.</summary>
internal static class SafetensorsDtype
{
    private static readonly (string Name, ScalarType Type, int Bytes)[] s_types =
    [
        ("BOOL", ScalarType.Bool, 1), ("U8", ScalarType.Byte, 1), ("I8", ScalarType.Int8, 1), ("I16", ScalarType.Int16, 2),
        ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2), ("I32", ScalarType.Int32, 4), ("F32", ScalarType.Float32, 4),
        ("I64", ScalarType.Int64, 8), ("F64", ScalarType.Float64, 8),
    ];

    public static bool TryParse(string name, out ScalarType type)
    {
        var index = Array.FindIndex(s_types, entry => entry.Name == name);
        type = index < 0 ? default : s_types[index].Type;
        return index >= 0;
    }

    public static string Name(ScalarType type) => Array.Find(s_types, entry => entry.Type == type).Name
        ?? throw new ArgumentException($"safetensors files hold no {type}", nameof(type));

    public static int ByteSize(ScalarType type) => Array.Find(s_types, entry => entry.Type == type).Bytes;
}
