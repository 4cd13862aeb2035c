namespace Interp.Models;

/// <summary>The task a model was trained for, where it ships its own prompts (<c>interp.json</c>).</summary>
/// <param name="Kind">The kind; "modular-addition": the prompt [a, b, p] is answered by (a + b) mod p at its last position.</param>
/// <param name="Modulus">The modulus p.</param>
public sealed record ModelTask(string Kind, int Modulus)
{
    /// <summary>The kind of the tasks (a + b) mod p.</summary>
    public const string ModularAddition = "modular-addition";
}
