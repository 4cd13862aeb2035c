namespace Interp.Analysis.Atoms.Formats;

/// <summary>The layouts in which sparse autoencoders are kept on disk.</summary>
public enum DictionaryFormat
{
    /// <summary>SAELens 6: <c>cfg.json</c> and <c>sae_weights.safetensors</c>. Read and written.</summary>
    SaeLens,

    /// <summary>SAELens before 6, the same file names with a flat configuration. Read.</summary>
    SaeLensLegacy,

    /// <summary>Gemma Scope 1: <c>params.npz</c>. Read and written.</summary>
    GemmaScope,

    /// <summary>Gemma Scope 2: <c>params.safetensors</c>. Read.</summary>
    GemmaScope2,

    /// <summary>Llama Scope: <c>hyperparams.json</c> and <c>checkpoints/final.safetensors</c>. Read.</summary>
    LlamaScope,

    /// <summary>Llama Scope R1-Distill: <c>config.json</c> and <c>sae_weights.safetensors</c>. Read.</summary>
    LlamaScopeR1,

    /// <summary>sparsify: <c>cfg.json</c> and <c>sae.safetensors</c>. Read and written.</summary>
    Sparsify,

    /// <summary>dictionary_learning: <c>ae.pt</c>, with or without <c>config.json</c>. Read and written.</summary>
    DictionaryLearning,

    /// <summary>OpenAI's GPT-2 autoencoders: one <c>.pt</c> file. Read.</summary>
    OpenAi,

    /// <summary>circuit-tracer, one transcoder a layer: <c>layer_N.safetensors</c>, with or without <c>config.yaml</c>. Read and written.</summary>
    CircuitTracer,
}
