namespace Interp.Compute.Kernels.Cosines;

/// <summary>One version of the pass over all tiles of the upper triangle of the V × V products.</summary>
internal interface ICosinePass
{
    /// <summary>Counts one tile: rows <paramref name="first"/> … against rows <paramref name="second"/> …; where both are equal, only pairs i &lt; j.</summary>
    void Tile(int first, int second);

    /// <summary>Brings everything counted into the tally.</summary>
    void Finish();
}
