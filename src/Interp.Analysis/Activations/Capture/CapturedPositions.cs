namespace Interp.Analysis.Activations.Capture;

/// <summary>Which positions of a document become rows.</summary>
public enum CapturedPositions
{
    /// <summary>All of a text; the last of a task's prompts, where the answer is read.</summary>
    Default,

    /// <summary>All but a begin token.</summary>
    All,

    /// <summary>The last.</summary>
    Last,
}
