namespace Interp.Models.Transformer;

/// <summary>Where norms stand in a block.</summary>
public enum NormPlacement
{
    /// <summary>Before attention and MLP: x + Attn(n(x)).</summary>
    Before,

    /// <summary>Before them and on what they add: x + n'(Attn(n(x))) (Gemma 2 and 3).</summary>
    BeforeAndAfter,

    /// <summary>On what they add only: x + n(Attn(x)) (OLMo 2).</summary>
    After,

    /// <summary>On the stream after each addition: n(x + Attn(x)) (OPT 350M).</summary>
    AfterResidual,
}
