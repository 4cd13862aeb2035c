using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints.Pickle;

/// <summary>The only names that a pickle may mention, and what stands for them here.</summary>
internal static class PickleGlobals
{
    private static readonly Dictionary<string, ScalarType> s_storages = new(StringComparer.Ordinal)
    {
        ["FloatStorage"] = ScalarType.Float32,
        ["DoubleStorage"] = ScalarType.Float64,
        ["HalfStorage"] = ScalarType.Float16,
        ["BFloat16Storage"] = ScalarType.BFloat16,
        ["IntStorage"] = ScalarType.Int32,
        ["LongStorage"] = ScalarType.Int64,
        ["ShortStorage"] = ScalarType.Int16,
        ["CharStorage"] = ScalarType.Int8,
        ["ByteStorage"] = ScalarType.Byte,
        ["BoolStorage"] = ScalarType.Bool,
    };

    private static readonly HashSet<string> s_others = new(StringComparer.Ordinal)
    {
        "collections OrderedDict", "torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_parameter", "torch Size", "torch device",
        "torch float32", "torch float64", "torch float16", "torch bfloat16", "torch int32", "torch int64", "torch int16", "torch int8", "torch uint8", "torch bool",
    };

    /// <summary>An allowed name.</summary>
    /// <exception cref="CheckpointException">It is another.</exception>
    public static PickleGlobal Find(string module, string name, string path) =>
        s_others.Contains($"{module} {name}") || (module == "torch" && s_storages.ContainsKey(name))
            ? new PickleGlobal(module, name)
            : throw new CheckpointException($"{path}: its pickle asks for {module}.{name}, which is not a tensor: nothing of the file was run; save the tensors as safetensors");

    /// <summary>The storage that a persistent id names: ("storage", type, key, location, count).</summary>
    public static PickleStorage Storage(PickleTuple id, string path) =>
        id.Items is ["storage", PickleGlobal { Module: "torch" } type, string key, string, long count] && s_storages.TryGetValue(type.Name, out var dtype) && count >= 0
        && key.All(char.IsAsciiLetterOrDigit)
            ? new PickleStorage(dtype, key, count)
            : throw new CheckpointException($"{path}: its pickle names a storage in a way that PyTorch does not write");

    /// <summary>What a call of an allowed name makes.</summary>
    public static object? Call(PickleGlobal callee, PickleTuple arguments, string path) => ($"{callee.Module} {callee.Name}", arguments.Items) switch
    {
        ("collections OrderedDict", []) => new PickleDictionary(),
        ("collections OrderedDict", [List<object?> pairs]) => Ordered(pairs),
        ("torch._utils _rebuild_tensor_v2", [PickleStorage storage, long offset, PickleTuple size, PickleTuple stride, ..]) =>
            new TorchTensor(storage.Key, storage.Dtype, storage.Count, offset, size.Integers(), stride.Integers()),
        ("torch._utils _rebuild_parameter", [TorchTensor data, ..]) => data,
        ("torch Size", [PickleTuple sizes]) => sizes,
        ("torch device", [string device, ..]) => device,
        _ => throw new CheckpointException($"{path}: its pickle calls {callee.Module}.{callee.Name} in a way that PyTorch does not write"),
    };

    private static PickleDictionary Ordered(List<object?> pairs)
    {
        var dictionary = new PickleDictionary();
        foreach (var pair in pairs)
        {
            dictionary.Add(pair is List<object?> list ? [.. list] : ((PickleTuple)pair!).Items);
        }

        return dictionary;
    }
}
