namespace Interp.Compute.Kernels.ThresholdCodes;

/// <summary>Codes in six arrays, as the GPU version takes them: by row and by latent, places shifted and with their bits as in <see cref="CodeTile"/>.</summary>
internal sealed unsafe class FlatCodes
{
    public FlatCodes(SparseCodes codes)
    {
        var count = (int)codes.Count;
        (RowStarts, LatentStarts) = (new int[codes.Rows + 1], new int[codes.Latents + 1]);
        (Latents, Rows) = (new int[count], new int[count]);
        (ValuesByRow, ValuesByLatent) = (new float[count], new float[count]);
        var at = 0;
        for (var row = 0; row < codes.Rows; row++)
        {
            for (var column = 0; column < codes.LatentTiles; column++)
            {
                var tile = codes.Tile(row / SparseCodes.TileRows, column);
                var within = row - tile.FirstRow;
                for (var entry = tile.RowStarts[within]; entry < tile.RowStarts[within + 1]; entry++)
                {
                    Latents[at] = tile.Latents[entry];
                    ValuesByRow[at++] = Value(codes, tile, entry, byRow: true);
                }
            }

            RowStarts[row + 1] = at;
        }

        at = 0;
        for (var latent = 0; latent < codes.Latents; latent++)
        {
            for (var row = 0; row < codes.RowTiles; row++)
            {
                var tile = codes.Tile(row, latent / SparseCodes.TileLatents);
                var within = latent - tile.FirstLatent;
                for (var entry = tile.LatentStarts[within]; entry < tile.LatentStarts[within + 1]; entry++)
                {
                    Rows[at] = tile.Rows[entry];
                    ValuesByLatent[at++] = Value(codes, tile, entry, byRow: false);
                }
            }

            LatentStarts[latent + 1] = at;
        }
    }

    public int[] RowStarts { get; }

    public int[] Latents { get; }

    public float[] ValuesByRow { get; }

    public int[] LatentStarts { get; }

    public int[] Rows { get; }

    public float[] ValuesByLatent { get; }

    private static float Value(SparseCodes codes, CodeTile tile, int entry, bool byRow) => codes.Type == TorchSharp.torch.ScalarType.Float64
        ? (float)(byRow ? tile.ValuesByRow<double>() : tile.ValuesByLatent<double>())[entry]
        : (byRow ? tile.ValuesByRow<float>() : tile.ValuesByLatent<float>())[entry];
}
