namespace Interp.Models.Adapters;

/// <summary>What an adapter's configuration says of all its modules.</summary>
/// <param name="BaseModel">The model it was trained on.</param>
/// <param name="Rank">r.</param>
/// <param name="Alpha">α.</param>
/// <param name="IsRankStabilised">Whether the scale is α/√r instead of α/r.</param>
/// <param name="IsFanInFanOut">Whether the base stores its matrices [in, out].</param>
internal sealed record AdapterSettings(string BaseModel, int Rank, double Alpha, bool IsRankStabilised, bool IsFanInFanOut)
{
    /// <summary>What the product B·A is multiplied by.</summary>
    public double Scale => Alpha / (IsRankStabilised ? Math.Sqrt(Rank) : Rank);
}
