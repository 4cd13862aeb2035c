using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Interp.Compute.Options;

namespace Interp.Analysis.Activations.Capture;

/// <summary>A digest of what the rows of a capture depend on: parts and continuations of one capture share it.</summary>
internal static class CaptureIdentity
{
    private static readonly string[] s_free = [nameof(CaptureOptions.Shard), nameof(CaptureOptions.Resume)];

    /// <summary>The digest. Weights are not read: whoever continues compares the rows that it makes again with those it finds.</summary>
    public static string Of(CaptureInput input, CaptureOptions options, ITokenSource source, CapturedPositions positions)
    {
        var model = input.Model;
        string[] lines =
        [
            model.Name,
            JsonSerializer.Serialize(model.Config, ResultJson.Options),
            model.ParameterCount.ToString(System.Globalization.CultureInfo.InvariantCulture),
            model.Dtype.ToString(),
            model.Device.type.ToString(),
            source.Kind,
            positions.ToString(),
            input.TextFile is null ? "" : HashOf(input.TextFile),
            .. OptionsSchema.Values(options).Where(pair => !s_free.Contains(pair.Key)).Select(pair => $"{pair.Key}={pair.Value}"),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }

    // A text that cannot be read is told of where it is read.
    private static string HashOf(string path)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
