using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Interp.Models.Tests.Checkpoints;

/// <summary>Writes copies of a checkpoint folder with seeded damage.</summary>
internal sealed partial class CheckpointMutator
{
    private static readonly string[] s_values =
    [
        "-1", "0", "1", "2", "7", "2147483647", "2147483648", "9223372036854775807", "1e308", "-1e308", "1.5", "true", "null", "\"x\"", "[]", "{}", "[[[[[[]]]]]]", "\"gelu\"", "1000000", "100000000",
    ];

    private readonly byte[] _weights;
    private readonly string _config;

    public CheckpointMutator(string folder)
    {
        _weights = File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));
        _config = File.ReadAllText(Path.Combine(folder, "config.json"));
    }

    /// <summary>Writes a copy of a folder's small files with one of them damaged: adapters, tokenizers.</summary>
    public static string WriteFolder(string source, string folder, int seed)
    {
        var random = new Random(seed);
        Directory.CreateDirectory(folder);
        var files = Directory.GetFiles(source).Order(StringComparer.Ordinal).ToArray();
        var chosen = random.Next(files.Length);
        var what = "";
        for (var i = 0; i < files.Length; i++)
        {
            var (bytes, name) = (File.ReadAllBytes(files[i]), Path.GetFileName(files[i]));
            if (i == chosen && name.EndsWith(".json", StringComparison.Ordinal))
            {
                (bytes, what) = JsonMutation.Damage(bytes, random);
                what = $"{name}: {what}";
            }
            else if (i == chosen)
            {
                what = random.Next(3) == 0 ? "cut" : FlipBytes(bytes, random);
                bytes = what == "cut" ? bytes[..random.Next(bytes.Length)] : bytes;
                what = $"{name}: {what}";
            }

            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }

        return what;
    }

    /// <summary>Writes one damaged copy and says what was done to it.</summary>
    public string Write(string folder, int seed)
    {
        var random = new Random(seed);
        Directory.CreateDirectory(folder);
        var weights = (byte[])_weights.Clone();
        var config = _config;
        string what;
        switch (random.Next(10))
        {
            case 0:
                weights = weights[..random.Next(weights.Length)];
                what = $"cut to {weights.Length} bytes";
                break;
            case 1:
                weights = [.. weights, .. new byte[random.Next(1, 64)]];
                what = "bytes added at the end";
                break;
            case 2:
                BinaryPrimitives.WriteUInt64LittleEndian(weights, random.Next(4) switch { 0 => ulong.MaxValue, 1 => 1UL << 62, 2 => 99_999_999, _ => (ulong)random.Next(0, 5000) });
                what = "another header length";
                break;
            case 3:
                what = FlipBytes(weights, random);
                break;
            case 4 or 5:
                (weights, what) = EditHeader(random);
                break;
            case 6:
                (config, what) = ("{" + new string('[', random.Next(10, 100_000)), "deep JSON");
                break;
            case 7:
                what = WriteShards(folder, weights, random);
                weights = [];
                break;
            default:
                (config, what) = EditConfig(random);
                break;
        }

        if (weights.Length > 0)
        {
            File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), weights);
        }

        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        return what;
    }

    private static string FlipBytes(byte[] weights, Random random)
    {
        var header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(weights);
        var flips = random.Next(1, 6);
        for (var i = 0; i < flips; i++)
        {
            weights[random.Next(header)] = (byte)random.Next(256);
        }

        return $"{flips} bytes of the header changed";
    }

    /// <summary>Changes a number, a type or a name in the header's text.</summary>
    private (byte[] Weights, string What) EditHeader(Random random)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(_weights);
        var header = Encoding.UTF8.GetString(_weights, 8, length);
        string what;
        switch (random.Next(5))
        {
            case 0:
                var numbers = Number().Matches(header);
                var number = numbers[random.Next(numbers.Count)];
                var value = s_values[random.Next(s_values.Length)];
                header = header[..number.Index] + value + header[(number.Index + number.Length)..];
                what = $"{number.Value} became {value}";
                break;
            case 1:
                var dtype = new[] { "F16", "F64", "I64", "BOOL", "F8_E4M3", "XX", "" }[random.Next(7)];
                header = DtypePattern().Replace(header, $"\"dtype\":\"{dtype}\"", 1 + random.Next(3));
                what = $"dtype {dtype}";
                break;
            case 2:
                var entry = EntryPattern().Match(header);
                header = header.TrimEnd()[..^1] + "," + entry.Value + "}";
                what = "an entry twice";
                break;
            case 3:
                header = header.Replace("\"transformer.", "\"../", StringComparison.Ordinal).Replace("\"model.", "\"\\u0000", StringComparison.Ordinal);
                what = "hostile names";
                break;
            default:
                header = header.TrimEnd()[..^1] + ",\"__metadata__\":{\"a\":[1]}}";
                what = "metadata of another type";
                break;
        }

        var text = Encoding.UTF8.GetBytes(header);
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)text.Length);
        return ([.. prefix, .. text, .. _weights.AsSpan(8 + length)], what);
    }

    private (string Config, string What) EditConfig(Random random)
    {
        var json = JsonNode.Parse(_config)!.AsObject();
        var keys = json.Select(pair => pair.Key).ToList();
        var key = keys[random.Next(keys.Count)];
        if (random.Next(6) == 0)
        {
            json.Remove(key);
            return (json.ToJsonString(), $"{key} removed");
        }

        var value = s_values[random.Next(s_values.Length)];
        json[key] = JsonNode.Parse(value);
        return (json.ToJsonString(), $"{key} became {value}");
    }

    /// <summary>An index with one fault, or none, over one shard.</summary>
    private static string WriteShards(string folder, byte[] weights, Random random)
    {
        File.WriteAllBytes(Path.Combine(folder, "shard.safetensors"), weights);
        var names = EntryPattern().Matches(Encoding.UTF8.GetString(weights, 8, (int)BinaryPrimitives.ReadUInt64LittleEndian(weights))).Select(match => match.Groups[1].Value).ToList();
        var target = random.Next(6) switch { 0 => "../shard.safetensors", 1 => "/etc/passwd", 2 => "none.safetensors", 3 => "config.json", 4 => "C:\\x", _ => "shard.safetensors" };
        var map = new JsonObject();
        foreach (var name in names)
        {
            map[name] = "shard.safetensors";
        }

        map[names[random.Next(names.Count)]] = target;
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
        return $"an index that names {target}";
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex("\"dtype\":\"[A-Z0-9]+\"")]
    private static partial Regex DtypePattern();

    [GeneratedRegex("\"([^\"]+)\":\\{\"dtype\"[^}]*\\}")]
    private static partial Regex EntryPattern();
}
