using System.CommandLine;

namespace Interp.Cli.Frame;

/// <summary>The word that names a model.</summary>
internal static class ModelArgument
{
    /// <summary>A new argument, for one verb.</summary>
    public static Argument<string> Create() => new("model")
    {
        HelpName = "MODEL",
        Description = "A shipped model's name, a workspace model's name, or a folder.",
    };

    /// <summary>The same for a verb that can do without.</summary>
    public static Argument<string?> CreateOptional() => new("model")
    {
        HelpName = "MODEL",
        Description = "A shipped model's name, a workspace model's name, or a folder.",
        Arity = ArgumentArity.ZeroOrOne,
    };
}
