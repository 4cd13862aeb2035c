namespace Interp.Analysis.Capacity;

/// <summary>Which of a model's token matrices is measured.</summary>
public enum EmbeddingMatrix
{
    /// <summary>The token embedding, one row a token.</summary>
    Embedding,

    /// <summary>The unembedding, one row a token; exploratory, there are no published values.</summary>
    Unembedding,
}
