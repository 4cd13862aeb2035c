using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>
/// Pairs (a, b) with their answers (a + b) mod p. Numbers are rows of the identity: a product with them gathers, and its
/// gradient is a product too.
/// </summary>
/// <param name="First">a, [batch, p].</param>
/// <param name="Second">b, [batch, p].</param>
/// <param name="Answers">int64 [batch].</param>
internal sealed record PairBatch(Tensor First, Tensor Second, Tensor Answers) : IDisposable
{
    /// <summary>Prepares pairs.</summary>
    /// <param name="pairs">The pairs a·p + b.</param>
    /// <param name="modulus">p.</param>
    /// <param name="like">A tensor of the wanted dtype and device.</param>
    /// <returns>The batch, owned by the caller.</returns>
    public static PairBatch Create(IReadOnlyList<int> pairs, int modulus, Tensor like)
    {
        using var scope = NewDisposeScope();
        Tensor Numbers(Func<int, long> number) => tensor(pairs.Select(number).ToArray(), device: like.device);
        return new PairBatch(
            OneHot(Numbers(pair => pair / modulus), modulus, like).DetachFromDisposeScope(),
            OneHot(Numbers(pair => pair % modulus), modulus, like).DetachFromDisposeScope(),
            Numbers(pair => ((pair / modulus) + (pair % modulus)) % modulus).DetachFromDisposeScope());
    }

    /// <summary>Rows of the identity, [batch, p], in the current dispose scope.</summary>
    public static Tensor OneHot(Tensor numbers, int modulus, Tensor like) =>
        nn.functional.one_hot(numbers, modulus).to(like.dtype).to(like.device);

    /// <summary>Some of the pairs, in the current dispose scope.</summary>
    public PairBatch Select(Tensor examples) =>
        new(First.index_select(0, examples), Second.index_select(0, examples), Answers.index_select(0, examples));

    /// <summary>The share of rows of logits [batch, p] whose greatest is the answer, float32 scalar in the current dispose scope.</summary>
    public Tensor Accuracy(Tensor logits)
    {
        using var noGradient = no_grad();
        return logits.argmax(1).eq(Answers).to_type(ScalarType.Float32).mean();
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
        Answers.Dispose();
    }
}
