namespace Interp.Analysis.Activations;

/// <summary>One file of rows.</summary>
/// <param name="File">The file's name in the folder.</param>
/// <param name="Rows">The rows it holds.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal.</param>
public sealed record ActivationShard(string File, int Rows, long Bytes, string Sha256);
