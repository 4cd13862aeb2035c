using System.Numerics;

namespace Interp.Compute.Kernels.ThresholdCodes;

/// <summary>Codes from whole matrices, for the versions that make them.</summary>
internal static class CodeFilling
{
    /// <summary>Fills the codes that <see cref="SparseCodes.Begin"/> gave their size.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="flags">The bits of every entry, row-major; 0 for none.</param>
    /// <param name="values">z of every entry.</param>
    public static unsafe void Fill<T>(SparseCodes codes, ReadOnlySpan<int> flags, ReadOnlySpan<T> values)
        where T : unmanaged, INumber<T>
    {
        for (var block = 0; block < codes.TileCount; block++)
        {
            var tile = codes.Tile(block / codes.LatentTiles, block % codes.LatentTiles);
            var count = 0;
            for (var row = 0; row < tile.RowCount; row++)
            {
                tile.ReserveRow<T>(count);
                var at = ((tile.FirstRow + row) * codes.Latents) + tile.FirstLatent;
                for (var latent = 0; latent < tile.LatentCount; latent++)
                {
                    if (flags[at + latent] != 0)
                    {
                        tile.Latents[count] = ((tile.FirstLatent + latent) << CodeTile.Shift) | flags[at + latent];
                        tile.ValuesByRow<T>()[count++] = values[at + latent];
                    }
                }

                tile.RowStarts[row + 1] = count;
            }

            tile.End(count);
            tile.Transpose<T>();
        }
    }
}
