namespace Interp.Analysis.Circles.Probe;

/// <summary>Where interventions act, and on which label.</summary>
public enum InterventionSite
{
    /// <summary>At α: the label that is counted from becomes another, and the answer should follow.</summary>
    Alpha,

    /// <summary>At the prompt's end: the answer γ itself becomes another.</summary>
    Answer,
}
