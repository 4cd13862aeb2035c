using Interp.Compute.Kernels.Rows;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.ThresholdCodes;

/// <summary>
/// The codes of a batch, of which few are not zero: for every row the latents that are active or within the window of their threshold, and
/// for every latent the rows, in tiles. Memory is kept and used again for the next batch.
/// </summary>
public sealed unsafe class SparseCodes : IDisposable
{
    /// <summary>A tile of products is 2 MB in float32, and a product of this size runs at the speed of a large one.</summary>
    internal const int TileRows = 1024;

    /// <inheritdoc cref="TileRows"/>
    internal const int TileLatents = 512;

    private readonly List<CodeTile> _tiles = [];

    /// <summary>The rows B.</summary>
    public int Rows { get; private set; }

    /// <summary>The latents N.</summary>
    public int Latents { get; private set; }

    /// <summary>Float32 or float64.</summary>
    public ScalarType Type { get; private set; }

    /// <summary>The active entries and those within the window.</summary>
    public long Count => Enumerable.Range(0, TileCount).Sum(tile => (long)_tiles[tile].Count);

    /// <summary>The active entries.</summary>
    public long ActiveCount => Enumerable.Range(0, TileCount).Sum(tile => (long)_tiles[tile].ActiveCount);

    /// <summary>The tiles, those of the same rows together.</summary>
    internal int TileCount => RowTiles * LatentTiles;

    /// <summary>How many tiles lie below each other.</summary>
    internal int RowTiles => Blocks.Covering(Rows, TileRows);

    /// <summary>How many tiles lie beside each other.</summary>
    internal int LatentTiles => Blocks.Covering(Latents, TileLatents);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tile in _tiles)
        {
            tile.Dispose();
        }
    }

    /// <summary>The codes as a matrix: z where a latent is active, else 0.</summary>
    /// <returns><c>[B, N]</c> on the CPU, owned by the caller.</returns>
    public Tensor ToDense() => Type == ScalarType.Float64 ? Dense<double>(CodeTile.Active) : Dense<float>(CodeTile.Active);

    /// <summary>1 for every entry with one of the given bits, else 0, <c>[B, N]</c>.</summary>
    internal Tensor Mask(int bits)
    {
        using var scope = NewDisposeScope();
        var values = Type == ScalarType.Float64 ? Dense<double>(bits, one: true) : Dense<float>(bits, one: true);
        return values.MoveToOuterDisposeScope();
    }

    /// <summary>Empties the codes and gives every tile its place.</summary>
    internal void Begin(int rows, int latents, ScalarType type)
    {
        (Rows, Latents, Type) = (rows, latents, type);
        while (_tiles.Count < TileCount)
        {
            _tiles.Add(new CodeTile());
        }

        for (var tile = 0; tile < TileCount; tile++)
        {
            var row = tile / LatentTiles * TileRows;
            var latent = tile % LatentTiles * TileLatents;
            _tiles[tile].Begin(row, Math.Min(TileRows, rows - row), latent, Math.Min(TileLatents, latents - latent));
        }
    }

    /// <summary>The tile at a place.</summary>
    internal CodeTile Tile(int rowTile, int latentTile) => _tiles[(rowTile * LatentTiles) + latentTile];

    private Tensor Dense<T>(int bits, bool one = false)
        where T : unmanaged
    {
        var dense = zeros([Rows, Latents], Type);
        var values = TensorMemory.Of<T>(dense);
        foreach (var tile in _tiles.Take(TileCount))
        {
            for (var row = 0; row < tile.RowCount; row++)
            {
                for (var entry = tile.RowStarts[row]; entry < tile.RowStarts[row + 1]; entry++)
                {
                    if ((tile.Latents[entry] & bits) != 0)
                    {
                        var at = ((long)(tile.FirstRow + row) * Latents) + (tile.Latents[entry] >> CodeTile.Shift);
                        values[at] = one ? (typeof(T) == typeof(double) ? (T)(object)1.0 : (T)(object)1f) : tile.ValuesByRow<T>()[entry];
                    }
                }
            }
        }

        return dense;
    }
}
