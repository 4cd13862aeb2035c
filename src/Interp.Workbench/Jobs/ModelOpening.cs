using Interp.Compute;
using Interp.Compute.Devices;
using Interp.Models;
using Interp.Models.Checkpoints;
using TorchSharp;

namespace Interp.Workbench.Jobs;

/// <summary>Loads models by the words of a request.</summary>
public static class ModelOpening
{
    private static readonly (string Name, torch.ScalarType Type)[] s_types =
    [
        ("float32", torch.ScalarType.Float32),
        ("bfloat16", torch.ScalarType.BFloat16),
        ("float16", torch.ScalarType.Float16),
        ("float64", torch.ScalarType.Float64),
    ];

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="device">The device: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <param name="dtype">The element type: <c>float32</c>, <c>bfloat16</c>, <c>float16</c>, <c>float64</c>; null for float32.</param>
    /// <param name="adapter">The folder of a low-rank adapter to merge into the weights, or null.</param>
    /// <param name="progress">Receives a step a tensor.</param>
    /// <param name="cancellation">Stops the loading between tensors.</param>
    /// <returns>The model, owned by the caller.</returns>
    /// <exception cref="InterpException">The folder holds no model that can be loaded, or the device or the type is not there.</exception>
    public static LanguageModel Load(
        string folder, string device, string? dtype, string? adapter = null, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        var options = new ModelLoadOptions { Device = ComputeDevice.Parse(device), Dtype = ElementType(dtype), Adapter = adapter };
        if (File.Exists(Path.Combine(folder, "config.json")))
        {
            var remedy = options.Device.type == DeviceType.CPU ? "use the element type of its files, --dtype bfloat16 for example" : "use --dtype bfloat16, or --device cpu";
            Plan(folder, options.Dtype, options.Device.type).Require(options.Device, remedy);
        }

        return LanguageModel.Load(folder, options, progress, cancellation);
    }

    /// <summary>What a model's weights take on a device, from the headers of its files; on the CPU only those that are converted, as others stay the files' pages.</summary>
    internal static MemoryPlan Plan(string folder, torch.ScalarType dtype, DeviceType device)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var bytes = dtype switch { torch.ScalarType.Float64 => 8, torch.ScalarType.Float32 => 4, _ => 2 };
        return new MemoryPlan().Add("the weights", checkpoint.Names.Select(checkpoint.Entry).Where(entry => device != DeviceType.CPU || entry.Dtype != dtype).Sum(entry => entry.ElementCount) * bytes);
    }

    private static torch.ScalarType ElementType(string? name)
    {
        if (name is null)
        {
            return torch.ScalarType.Float32;
        }

        var found = Array.FindIndex(s_types, type => type.Name == name);
        return found >= 0
            ? s_types[found].Type
            : throw new InterpException($"unknown element type {name}: use one of {string.Join(", ", s_types.Select(type => type.Name))}");
    }
}
