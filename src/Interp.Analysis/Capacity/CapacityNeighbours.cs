using Interp.Compute.Kernels.Cosines;

namespace Interp.Analysis.Capacity;

/// <summary>Nearest and farthest rows of the rows that the options name.</summary>
internal static class CapacityNeighbours
{
    public static RowNeighbours[] Of(CapacityInput input, CapacityOptions options, CancellationToken cancellation)
    {
        if (options.Tokens.Count == 0)
        {
            return [];
        }

        int[] rows = [.. options.Tokens.Select(token => TokenRows.Resolve(token, input.Tokenizer, input.Rows.shape[0]))];
        var found = RowCosines.Neighbours(input.Rows, rows, options.Neighbours, cancellation);
        return [.. rows.Zip(found, (row, sides) => new RowNeighbours(row, Text(input, row), List(input, sides.Nearest), List(input, sides.Farthest)))];
    }

    private static RowNeighbour[] List(CapacityInput input, IEnumerable<(int Row, double Cosine)> rows) =>
        [.. rows.Select(other => new RowNeighbour(other.Row, Text(input, other.Row), other.Cosine))];

    private static string? Text(CapacityInput input, int row) => input.TokenText?.Invoke(row);
}
