namespace Interp.Compute.Options;

/// <summary>The kinds of value an option takes.</summary>
public enum OptionKind
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Switch,

    /// <summary>One of a fixed set of names.</summary>
    Choice,

    /// <summary>Free text.</summary>
    Text,

    /// <summary>A comma-separated list of texts or numbers.</summary>
    List,
}
