namespace Interp.Analysis.Capacity;

/// <summary>
/// ε of the token embeddings of 45 published models. Source: arXiv 2606.02765 (Guha), appendix D, table 1 (CC BY 4.0).
/// </summary>
internal static class PublishedEpsilons
{
    /// <summary>The models: name, width d, ε.</summary>
    public static IReadOnlyList<(string Model, int Dimension, double Epsilon)> All { get; } =
    [
        ("DeepSeek V3.2 Exp", 7168, 0.05917),
        ("DeepSeek R1", 7168, 0.05917),
        ("Gemma 7B", 3072, 0.99918),
        ("Gemma 2 2B", 2304, 0.35084),
        ("Gemma 2 9B", 3584, 0.39785),
        ("Gemma 2 27B", 4608, 0.09013),
        ("Gemma 3 270M", 640, 0.41554),
        ("Gemma 3 1B", 1152, 0.20164),
        ("Gemma 3 12B", 3840, 0.08635),
        ("Gemma 3 27B", 5376, 0.07421),
        ("GLM 4.6", 5120, 0.05882),
        ("GPT OSS 120B", 2880, 0.22984),
        ("GPT OSS 20B", 2880, 0.28120),
        ("Kimi K2", 7168, 0.06763),
        ("Llama 2 7B", 4096, 0.06450),
        ("Llama 2 13B", 5120, 0.06766),
        ("Llama 2 70B", 8192, 0.09962),
        ("Llama 3 8B", 4096, 0.05945),
        ("Llama 3.1 8B", 4096, 0.05542),
        ("Llama 3.1 70B", 8192, 0.04413),
        ("Llama 3.1 405B", 16384, 0.04813),
        ("Llama 3.2 1B", 2048, 0.28223),
        ("Llama 3.2 3B", 3072, 0.29395),
        ("MiniMax M2", 3072, 0.07618),
        ("Mistral Small 3.2 24B", 5120, 0.07520),
        ("Mistral 7B Instruct v0.3", 4096, 0.07019),
        ("Phi 2", 2560, 0.05497),
        ("Phi 3 mini 128k", 3072, 0.05536),
        ("Phi 4", 5120, 0.05865),
        ("Qwen 2.5 0.5B", 896, 0.36035),
        ("Qwen 2.5 1.5B", 1536, 0.25998),
        ("Qwen 2.5 3B", 2048, 0.21014),
        ("Qwen 2.5 7B", 3584, 0.07501),
        ("Qwen 2.5 14B", 5120, 0.05269),
        ("Qwen 2.5 32B", 5120, 0.05554),
        ("Qwen 2.5 72B", 8192, 0.06131),
        ("Qwen 3 0.6B", 1024, 0.25204),
        ("Qwen 3 4B", 2560, 0.20834),
        ("Qwen 3 8B", 4096, 0.05969),
        ("Qwen 3 32B", 5120, 0.07263),
        ("Qwen 3 30B A3B", 2048, 0.06456),
        ("Qwen 3 Next 80B A3B", 2048, 0.07422),
        ("Qwen 3 235B A22B", 4096, 0.04874),
        ("Qwen 3 Coder 480B", 6144, 0.04660),
        ("TinyLlama 1.1B", 2048, 0.06329),
    ];
}
