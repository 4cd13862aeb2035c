namespace Interp.Analysis.Circles.Find;

/// <summary>How the latents of a dictionary are put into clusters.</summary>
public enum ClusterMethod
{
    /// <summary>Connected components of each decoder row's nearest neighbours above a cutoff (the published recipe for Mistral).</summary>
    NeighbourGraph,

    /// <summary>Spectral clustering of the decoder rows' angles into a given number (the published recipe for GPT-2).</summary>
    Spectral,
}
