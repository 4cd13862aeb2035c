using Interp.Models.Tokenization.Splitting;

namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads `prepend_scheme` of a Metaspace part, or `add_prefix_space` of older files.</summary>
internal static class PrefixSchemeReader
{
    /// <summary>The scheme; both absent is `always`.</summary>
    public static PrefixScheme Read(JsonPart part)
    {
        if (part.Find("prepend_scheme") is not { } scheme)
        {
            return part.Flag("add_prefix_space", true) ? PrefixScheme.Always : PrefixScheme.Never;
        }

        return scheme.AsText() switch
        {
            "always" => PrefixScheme.Always,
            "first" => PrefixScheme.First,
            "never" => PrefixScheme.Never,
            var other => throw scheme.Wrong($"prepend scheme '{other}' is not one of always, first, never"),
        };
    }
}
