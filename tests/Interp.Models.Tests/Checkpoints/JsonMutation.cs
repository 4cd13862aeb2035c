using System.Text;
using System.Text.Json.Nodes;

namespace Interp.Models.Tests.Checkpoints;

/// <summary>Seeded damage to a JSON file: a value anywhere in it, its bytes, its end.</summary>
internal static class JsonMutation
{
    private static readonly string[] s_values =
    [
        "-1", "0", "1", "3", "2147483647", "9223372036854775807", "1e308", "1.5", "true", "null", "\"x\"", "\"../../x\"", "\"(a+)+$\"", "[]", "{}", "[[[[[[[[[[]]]]]]]]]]", "100000000",
    ];

    /// <summary>A damaged copy, and what was done.</summary>
    public static (byte[] Bytes, string What) Damage(byte[] json, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                return (json[..random.Next(json.Length)], "cut");
            case 1:
                var flipped = (byte[])json.Clone();
                for (var i = random.Next(1, 5); i > 0; i--)
                {
                    flipped[random.Next(flipped.Length)] = (byte)random.Next(256);
                }

                return (flipped, "bytes changed");
            case 2:
                return (Encoding.UTF8.GetBytes("{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", random.Next(10, 20_000)))), "deep JSON");
            default:
                return Replace(json, random);
        }
    }

    private static (byte[] Bytes, string What) Replace(byte[] json, Random random)
    {
        var root = JsonNode.Parse(json)!;
        var nodes = All(root).Where(node => node.Parent is not null).ToList();
        var node = nodes[random.Next(nodes.Count)];
        var (path, parent) = (node.GetPath(), node.Parent!);
        if (random.Next(5) == 0 && parent is JsonObject owner)
        {
            owner.Remove(node.GetPropertyName());
            return (Encoding.UTF8.GetBytes(root.ToJsonString()), $"{path} removed");
        }

        var value = s_values[random.Next(s_values.Length)];
        node.ReplaceWith(JsonNode.Parse(value));
        return (Encoding.UTF8.GetBytes(root.ToJsonString()), $"{path} became {value}");
    }

    private static IEnumerable<JsonNode> All(JsonNode node) => node switch
    {
        JsonObject json => json.Select(pair => pair.Value).OfType<JsonNode>().SelectMany(All).Prepend(node),
        JsonArray list => list.OfType<JsonNode>().SelectMany(All).Prepend(node),
        _ => [node],
    };
}
