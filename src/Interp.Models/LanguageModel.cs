namespace Interp.Models;

/// <summary>A transformer loaded from a checkpoint folder, with named hooks.</summary>
public sealed class LanguageModel
{
}
