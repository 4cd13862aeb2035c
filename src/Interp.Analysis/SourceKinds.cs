namespace Interp.Analysis;

/// <summary>The kinds of source that an analysis takes; several set means that each of them will do or is needed, as its page says.</summary>
[Flags]
public enum SourceKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A model.</summary>
    Model = 1,

    /// <summary>One tensor, FILE:TENSOR.</summary>
    Tensor = 2,

    /// <summary>A text file.</summary>
    Text = 4,

    /// <summary>A folder of activation shards.</summary>
    Activations = 8,

    /// <summary>A sparse autoencoder's folder.</summary>
    Dictionary = 16,
}
