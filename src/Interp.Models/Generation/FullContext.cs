namespace Interp.Models.Generation;

/// <summary>What a generation does when the model's context is full.</summary>
public enum FullContext
{
    /// <summary>It fails with an error that names the limit.</summary>
    Fail,

    /// <summary>It goes on with the last tokens that fit; the model no longer sees the first ones.</summary>
    Slide,
}
