namespace Interp.Models.Tokenization.Segmentation;

/// <summary>Says whether two neighbouring symbols join, how early, and to what.</summary>
internal interface IMergeRule
{
    /// <summary>True when they join; the lowest priority value is joined first.</summary>
    bool TryMerge(string piece, (int Id, int Start, int End) left, (int Id, int Start, int End) right, out double priority, out int id);
}
