namespace Interp.Analysis.Atoms.Probing;

/// <summary>What rows are labelled with.</summary>
public enum ProbeTask
{
    /// <summary>The answer for a modular-addition task, the first letter where a tokenizer is at hand, else the token.</summary>
    Auto,

    /// <summary>The first letter of the token, on tokens that begin a word.</summary>
    FirstLetter,

    /// <summary>(a + b) mod p of a modular-addition task.</summary>
    Answer,

    /// <summary>The token itself: one class for each of the most frequent.</summary>
    Token,
}
