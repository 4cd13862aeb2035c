namespace Interp.Models;

/// <summary>At which positions a run computes logits.</summary>
public enum LogitPositions
{
    /// <summary>At all.</summary>
    All,

    /// <summary>At the last; with padding, at each row's last token.</summary>
    Last,

    /// <summary>Nowhere; blocks after the deepest hook are not run.</summary>
    None,
}
