namespace Interp.Analysis.Circles.Tasks;

/// <summary>One sum of a task as tokens.</summary>
/// <param name="Alpha">α, the label that is counted from, 0 … p − 1.</param>
/// <param name="Beta">β, the number that is counted, modulo p.</param>
/// <param name="Ids">The prompt's tokens.</param>
/// <param name="AlphaPosition">The position of α's last token.</param>
internal sealed record TaskProblem(int Alpha, int Beta, int[] Ids, int AlphaPosition);
