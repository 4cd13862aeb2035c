namespace Interp.Analysis.Circles.Tasks;

/// <summary>A position of a task's prompts.</summary>
public enum TaskPosition
{
    /// <summary>The last token of α, the label that is counted from.</summary>
    Alpha,

    /// <summary>The last token of the prompt, where the answer is read.</summary>
    Last,
}
