using System.Security.Cryptography;
using System.Text;
using Interp.Compute.Options;
using Interp.Models;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Analyze;

/// <summary>
/// Digests of everything that a stage's result depends on: the contents of its inputs, the keys of the stages that made them,
/// its options, the device and the versions. Two stages with one key have one result.
/// </summary>
internal static class StageKeys
{
    /// <summary>The digest of a model: its files where it was loaded from some, else its weights; with device and element type.</summary>
    public static string OfModel(LanguageModel model, CancellationToken cancellation)
    {
        var parts = new List<string> { model.Device.ToString(), model.Dtype.ToString() };
        if (model.Folder is { } folder)
        {
            parts.AddRange(Directory.EnumerateFiles(folder)
                .Where(file => Path.GetExtension(file) is ".json" or ".safetensors" or ".model" or ".txt")
                .Order(StringComparer.Ordinal)
                .Select(file => $"{Path.GetFileName(file)} {OfFile(file, cancellation)}"));
        }
        else
        {
            parts.Add(model.Config.ToString());
            foreach (var (name, weight) in model.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                cancellation.ThrowIfCancellationRequested();
                using var copy = weight.cpu().contiguous();
                parts.Add($"{name} {Convert.ToHexStringLower(SHA256.HashData(copy.bytes))}");
            }
        }

        return Digest(parts);
    }

    /// <summary>The digest of a file's content.</summary>
    public static string OfFile(string path, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        var buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer.AsSpan(0, read));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The key of a stage.</summary>
    /// <param name="analysis">The catalogue name.</param>
    /// <param name="options">The options record, or null for none.</param>
    /// <param name="inputs">The digests of its inputs, in a fixed order.</param>
    public static string OfStage(string analysis, object? options, IEnumerable<string> inputs) =>
        Digest([
            analysis,
            RunVersions.Current.ToString(),
            .. options is null ? [] : OptionsSchema.Values(options).OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => $"{option.Key}={option.Value}"),
            .. inputs,
        ]);

    /// <summary>The digest of texts in their order.</summary>
    public static string Digest(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..32];
}
