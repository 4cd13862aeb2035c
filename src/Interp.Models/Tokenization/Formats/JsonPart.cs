using System.Globalization;
using System.Text.Json;

namespace Interp.Models.Tokenization.Formats;

/// <summary>One value of a tokenizer's JSON file with its place, so that every complaint names both.</summary>
internal readonly struct JsonPart
{
    private readonly JsonElement _element;

    public JsonPart(JsonElement element, string source, string path)
    {
        _element = element;
        Source = source;
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Source { get; }

    /// <summary>The place in the file, such as `normalizer.normalizers[0]`.</summary>
    public string Path { get; }

    /// <summary>The file and the place, for an error.</summary>
    public string Place => Path.Length == 0 ? Source : $"{Source}: {Path}";

    /// <summary>The kind of value.</summary>
    public JsonValueKind Kind => _element.ValueKind;

    /// <summary>The component's `type`.</summary>
    public string Type => Text("type");

    /// <summary>A property, or null where it is absent or null.</summary>
    public JsonPart? Find(string name)
    {
        Expect(JsonValueKind.Object);
        return _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? new JsonPart(value, Source, Path.Length == 0 ? name : $"{Path}.{name}")
            : null;
    }

    /// <summary>A property that must be there.</summary>
    public JsonPart Get(string name) => Find(name) ?? throw Wrong($"'{name}' is missing");

    /// <summary>A text that must be there.</summary>
    public string Text(string name) => Get(name).AsText();

    /// <summary>A text, or what stands for its absence.</summary>
    public string Text(string name, string absent) => Find(name)?.AsText() ?? absent;

    /// <summary>A truth value, or what stands for its absence.</summary>
    public bool Flag(string name, bool absent) => Find(name)?.AsFlag() ?? absent;

    /// <summary>A whole number that must be there.</summary>
    public int Number(string name) => Get(name).AsNumber();

    /// <summary>This value as text.</summary>
    public string AsText()
    {
        Expect(JsonValueKind.String);
        return Decoded(_element, element => element.GetString()!);
    }

    /// <summary>This value as a truth value.</summary>
    public bool AsFlag() => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong($"expected true or false, found {Found()}"),
    };

    /// <summary>This value as an id or a count: a whole number from 0 on.</summary>
    public int AsNumber() => Kind == JsonValueKind.Number && _element.TryGetInt32(out var value) && value >= 0
        ? value
        : throw Wrong($"expected a whole number from 0 to {int.MaxValue}, found {Found()}");

    /// <summary>This value as a real number.</summary>
    public double AsReal() => Kind == JsonValueKind.Number && _element.TryGetDouble(out var value) && double.IsFinite(value)
        ? value
        : throw Wrong($"expected a number, found {Found()}");

    /// <summary>The entries of this list.</summary>
    public IEnumerable<JsonPart> Items()
    {
        Expect(JsonValueKind.Array);
        var index = 0;
        foreach (var element in _element.EnumerateArray())
        {
            yield return new JsonPart(element, Source, string.Create(CultureInfo.InvariantCulture, $"{Path}[{index++}]"));
        }
    }

    /// <summary>The properties of this object.</summary>
    public IEnumerable<(string Name, JsonPart Value)> Properties()
    {
        Expect(JsonValueKind.Object);
        foreach (var property in _element.EnumerateObject())
        {
            var name = Decoded(property, entry => entry.Name);
            yield return (name, new JsonPart(property.Value, Source, Path.Length == 0 ? name : $"{Path}.{name}"));
        }
    }

    /// <summary>Complains about a property outside the list, which would be ignored otherwise.</summary>
    public void AllowOnly(params ReadOnlySpan<string> names)
    {
        foreach (var (name, value) in Properties())
        {
            if (!names.Contains(name) && value.Kind != JsonValueKind.Null)
            {
                throw Wrong($"'{name}' is not supported; known are {string.Join(", ", names.ToArray())}: remove it only if it does nothing");
            }
        }
    }

    /// <summary>The complaint about this place.</summary>
    public TokenizerException Wrong(string message) => new($"{Place}: {message}");

    /// <summary>Complains unless this value is of the kind.</summary>
    public void Expect(JsonValueKind kind)
    {
        if (Kind != kind)
        {
            throw Wrong($"expected {Words(kind)}, found {Found()}");
        }
    }

    // An escape such as \ud800 alone is JSON but no text.
    private string Decoded<T>(T element, Func<T, string> read)
    {
        try
        {
            return read(element);
        }
        catch (InvalidOperationException failure)
        {
            throw new TokenizerException($"{Place}: holds a text that is not valid Unicode: get the file again", failure);
        }
    }

    private string Found() => Kind is JsonValueKind.Number ? _element.GetRawText() : Words(Kind);

    private static string Words(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a text",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
