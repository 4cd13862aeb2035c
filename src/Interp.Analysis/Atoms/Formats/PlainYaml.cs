using Interp.Compute;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>The plain part of YAML that configurations need: top-level keys with scalar values. Nested maps and lists are passed over; tags and aliases are refused.</summary>
internal static class PlainYaml
{
    /// <summary>The top-level scalars of a file; empty where there is no file.</summary>
    /// <exception cref="InterpException">The file uses tags or aliases.</exception>
    public static IReadOnlyDictionary<string, string> TryRead(string path)
    {
        var values = new Dictionary<string, string>();
        if (!File.Exists(path))
        {
            return values;
        }

        foreach (var line in File.ReadLines(path))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || char.IsWhiteSpace(line[0]) || line[0] is '#' or '-')
            {
                continue;
            }

            var value = line[(colon + 1)..].Trim();
            if (value.StartsWith('!') || value.StartsWith('*') || value.StartsWith('&'))
            {
                throw new InterpException($"{path}: uses a tag or an alias ({line.Trim()}), which a configuration does not need");
            }

            value = Unquote(value);
            if (value.Length > 0 && value is not ("null" or "~"))
            {
                values[line[..colon].Trim()] = value;
            }
        }

        return values;
    }

    /// <summary>A scalar as it can be written on one line.</summary>
    public static string Quote(string value) => value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/') ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Writes text, whole or not at all.</summary>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static string Unquote(string value)
    {
        if (value.Length >= 2 && value[0] == '\'' && value.LastIndexOf('\'') is > 0 and var single)
        {
            return value[1..single].Replace("''", "'", StringComparison.Ordinal);
        }

        if (value.Length >= 2 && value[0] == '"' && value.LastIndexOf('"') is > 0 and var twice)
        {
            return value[1..twice];
        }

        var comment = value.IndexOf(" #", StringComparison.Ordinal);
        return (comment >= 0 ? value[..comment] : value).Trim();
    }
}
