namespace Interp.Models.Checkpoints.Pickle;

/// <summary>A Python tuple.</summary>
internal sealed record PickleTuple(object?[] Items)
{
    /// <summary>The items as whole numbers.</summary>
    public long[] Integers() => [.. Items.Select(item => (long)item!)];
}

/// <summary>A Python dictionary whose keys are text; entries with other keys are kept under their text.</summary>
internal sealed class PickleDictionary
{
    public Dictionary<string, object?> Entries { get; } = [];

    /// <summary>Adds keys and values in turn.</summary>
    public void Add(object?[] pairs)
    {
        for (var i = 0; i + 1 < pairs.Length; i += 2)
        {
            Entries[pairs[i] as string ?? $"{pairs[i]}"] = pairs[i + 1];
        }
    }
}

/// <summary>An allowed global name.</summary>
internal sealed record PickleGlobal(string Module, string Name);

/// <summary>A storage in the archive.</summary>
internal sealed record PickleStorage(TorchSharp.torch.ScalarType Dtype, string Key, long Count);
