namespace Interp.Compute.Kernels.Cosines;

/// <summary>What the all-pairs pass gathers, numbered by kept rows; one a pass, not thread-safe.</summary>
internal sealed class CosineTally
{
    public CosineTally(int rows, CosineOptions options)
    {
        Counts = new long[options.Bins];
        Threshold = options.Threshold;
        TileRows = options.TileRows;
        Best = new double[rows];
        BestRow = new int[rows];
        Array.Fill(Best, double.NegativeInfinity);
        Array.Fill(BestRow, -1);
    }

    public long[] Counts { get; }

    public double Threshold { get; }

    public int TileRows { get; }

    public double Minimum { get; set; } = double.PositiveInfinity;

    public long Above { get; set; }

    public long MagnitudeAbove { get; set; }

    /// <summary>Each row's largest cosine with another row so far.</summary>
    public double[] Best { get; }

    /// <summary>The row it was seen at; the first of equal ones, as tiles come in ascending order.</summary>
    public int[] BestRow { get; }

    /// <summary>Takes one candidate for a row's nearest.</summary>
    public void Offer(int row, double cosine, int other)
    {
        if (cosine > Best[row])
        {
            Best[row] = cosine;
            BestRow[row] = other;
        }
    }

    /// <summary>The finished record, numbered by the rows as they were given; rounding does not take cosines beyond ±1.</summary>
    public CosineHistogram ToHistogram(UnitRows rows)
    {
        var nearest = new int[rows.Given];
        var cosine = new double[rows.Given];
        Array.Fill(nearest, -1);
        Array.Fill(cosine, double.NaN);
        for (var row = 0; row < rows.Count; row++)
        {
            nearest[rows.Numbers[row]] = rows.Numbers[BestRow[row]];
            cosine[rows.Numbers[row]] = Math.Clamp(Best[row], -1, 1);
        }

        return new CosineHistogram
        {
            Rows = rows.Count,
            Counts = Counts,
            Minimum = Math.Clamp(Minimum, -1, 1),
            Maximum = Math.Clamp(Best.Max(), -1, 1),
            Above = Above,
            MagnitudeAbove = MagnitudeAbove,
            Nearest = nearest,
            NearestCosine = cosine,
        };
    }
}
