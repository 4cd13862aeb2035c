using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Interp.Compute.Options;

/// <summary>
/// Reads options records (immutable records with a parameterless constructor whose properties carry
/// <see cref="OptionAttribute"/>): describes them, makes them from text values, and validates them.
/// </summary>
public static class OptionsSchema
{
    /// <summary>The options of a record type, in the order of declaration.</summary>
    public static IReadOnlyList<OptionDescription> Describe(Type optionsType)
    {
        var defaults = Activator.CreateInstance(optionsType)
            ?? throw new ArgumentException($"{optionsType} has no parameterless constructor", nameof(optionsType));
        return [.. Properties(optionsType).Select(p => Describe(p.Property, p.Attribute, defaults))];
    }

    /// <summary>Makes a record from text values keyed by property name or flag; what is not named keeps its default.</summary>
    /// <exception cref="OptionException">A name is unknown or a value does not parse or is out of range.</exception>
    public static object Create(Type optionsType, IReadOnlyDictionary<string, string> values)
    {
        var options = Activator.CreateInstance(optionsType)!;
        var properties = Properties(optionsType).Select(p => p.Property).ToArray();
        foreach (var (key, text) in values)
        {
            var property = Array.Find(properties, p => p.Name == key || FlagOf(p.Name) == key)
                ?? throw new OptionException($"there is no option {key}: the options are {string.Join(", ", properties.Select(p => FlagOf(p.Name)))}");
            property.SetValue(options, Parse(property, text));
        }

        Validate(options);
        return options;
    }

    /// <summary>Checks every property against its range.</summary>
    /// <exception cref="OptionException">A value is out of range, not finite, or no defined choice.</exception>
    public static void Validate(object options)
    {
        foreach (var (property, attribute) in Properties(options.GetType()))
        {
            var value = property.GetValue(options);
            foreach (var item in value is IEnumerable list and not string ? list.Cast<object?>() : [value])
            {
                ValidateItem(property, attribute, item);
            }
        }
    }

    /// <summary>The values of a record as text in the invariant culture, keyed by property name.</summary>
    public static IReadOnlyDictionary<string, string> Values(object options) =>
        Properties(options.GetType()).ToDictionary(p => p.Property.Name, p => Format(p.Property.GetValue(options)));

    private static void ValidateItem(PropertyInfo property, OptionAttribute attribute, object? value)
    {
        if (value is Enum choice && !Enum.IsDefined(choice.GetType(), choice))
        {
            throw new OptionException($"{FlagOf(property.Name)} {value} is no choice: use one of {string.Join(", ", Choices(choice.GetType()))}");
        }

        if (value is not (int or long or double or float))
        {
            return;
        }

        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number) || number < attribute.Minimum || number > attribute.Maximum)
        {
            throw new OptionException($"{FlagOf(property.Name)} {Format(value)} is out of range: use {RangeText(attribute)}");
        }
    }

    private static string RangeText(OptionAttribute attribute) => (double.IsInfinity(attribute.Minimum), double.IsInfinity(attribute.Maximum)) switch
    {
        (false, false) => $"a value from {Format(attribute.Minimum)} to {Format(attribute.Maximum)}",
        (false, true) => $"at least {Format(attribute.Minimum)}",
        (true, false) => $"at most {Format(attribute.Maximum)}",
        _ => "a number",
    };

    private static object? Parse(PropertyInfo property, string text)
    {
        var type = property.PropertyType;
        if (text.Length == 0 && IsOptional(property))
        {
            return null;
        }

        if (ElementType(type) is { } element)
        {
            var items = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var array = Array.CreateInstance(element, items.Length);
            for (var i = 0; i < items.Length; i++)
            {
                array.SetValue(ParseItem(property, element, items[i]), i);
            }

            return array;
        }

        return ParseItem(property, Nullable.GetUnderlyingType(type) ?? type, text);
    }

    private static object ParseItem(PropertyInfo property, Type type, string text)
    {
        const NumberStyles Style = NumberStyles.Float;
        var culture = CultureInfo.InvariantCulture;
        object? value = null;
        if (type == typeof(string))
        {
            value = text;
        }
        else if (type == typeof(bool))
        {
            value = bool.TryParse(text, out var yes) ? yes : null;
        }
        else if (type == typeof(int))
        {
            value = int.TryParse(text, Style, culture, out var number) ? number : null;
        }
        else if (type == typeof(long))
        {
            value = long.TryParse(text, Style, culture, out var number) ? number : null;
        }
        else if (type == typeof(double))
        {
            value = double.TryParse(text, Style, culture, out var number) ? number : null;
        }
        else if (type.IsEnum)
        {
            // Names only: a bare number would slip past the list of choices.
            value = Array.Find(Enum.GetNames(type), name => Kebab(name) == text || name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
                ? Enum.Parse(type, name)
                : throw new OptionException($"{FlagOf(property.Name)} {text} is no choice: use one of {string.Join(", ", Choices(type))}");
        }
        else
        {
            throw new ArgumentException($"options cannot be of type {type}", nameof(property));
        }

        return value ?? throw new OptionException($"{FlagOf(property.Name)} {text} is no {TypeWord(type)}");
    }

    private static OptionDescription Describe(PropertyInfo property, OptionAttribute attribute, object defaults)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return new OptionDescription
        {
            Name = property.Name,
            Flag = FlagOf(property.Name),
            Label = Kebab(property.Name).Replace('-', ' '),
            Description = attribute.Description,
            Kind = KindOf(type),
            Default = Format(property.GetValue(defaults)),
            Minimum = attribute.Minimum,
            Maximum = attribute.Maximum,
            Unit = attribute.Unit,
            Advanced = attribute.Advanced,
            Optional = IsOptional(property),
            Choices = type.IsEnum ? Choices(type) : [],
        };
    }

    private static OptionKind KindOf(Type type) =>
        type == typeof(int) || type == typeof(long) ? OptionKind.Integer
        : type == typeof(double) ? OptionKind.Number
        : type == typeof(bool) ? OptionKind.Switch
        : type.IsEnum ? OptionKind.Choice
        : type == typeof(string) ? OptionKind.Text
        : ElementType(type) is not null ? OptionKind.List
        : throw new ArgumentException($"options cannot be of type {type}", nameof(type));

    private static string Format(object? value) => value switch
    {
        null => "",
        string text => text,
        bool yes => yes ? "true" : "false",
        Enum choice => Kebab(choice.ToString()),
        IEnumerable list => string.Join(",", list.Cast<object?>().Select(Format)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static Type? ElementType(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0]
        : null;

    private static bool IsOptional(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (!property.PropertyType.IsValueType && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable);

    private static string[] Choices(Type type) => [.. Enum.GetNames(type).Select(Kebab)];

    private static string TypeWord(Type type) =>
        type == typeof(int) || type == typeof(long) ? "whole number" : type == typeof(bool) ? "true or false" : "number";

    private static string FlagOf(string name) => $"--{Kebab(name)}";

    private static string Kebab(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            // A new word starts at a capital that follows a small letter, or that ends a run of capitals.
            var starts = i > 0 && char.IsUpper(name[i])
                && (!char.IsUpper(name[i - 1]) && !char.IsDigit(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (starts)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    private static IEnumerable<(PropertyInfo Property, OptionAttribute Attribute)> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(p => (Property: p, Attribute: p.GetCustomAttribute<OptionAttribute>()))
            .Where(p => p.Attribute is not null)
            .OrderBy(p => p.Property.MetadataToken)
            .Select(p => (p.Property, p.Attribute!));
}
