namespace Interp.Analysis.Entanglement.Attention;

/// <summary>What a head's attention looks like on the prompts.</summary>
public enum HeadKind
{
    /// <summary>None of the others.</summary>
    Mixed,

    /// <summary>The first token receives more than the options' share.</summary>
    Sink,

    /// <summary>Rows are spread nearly evenly over what they see.</summary>
    Uniform,

    /// <summary>The nearest tokens receive more than the options' share.</summary>
    Local,
}
