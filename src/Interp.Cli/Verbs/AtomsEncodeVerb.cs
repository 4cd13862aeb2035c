using System.CommandLine;
using Interp.Analysis.Atoms;
using Interp.Cli.Frame;
using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Cli.Verbs;

/// <summary><c>interp atoms encode</c>: the codes of activations under a sparse autoencoder of any layout, and what they decode to.</summary>
internal sealed class AtomsEncodeVerb : Verb
{
    private readonly Argument<string> _dictionary = new("dictionary") { HelpName = "SAE_DIR", Description = "A sparse autoencoder's folder, or its single file, in any layout that is read." };
    private readonly Option<string> _input = new("--input") { Description = "The activations, [rows, d_in] or with more axes before d_in.", HelpName = "FILE:TENSOR", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "The safetensors file to write: codes [rows, d_sae] and reconstruction [rows, d_out].", HelpName = "G.safetensors", Required = true };

    /// <summary>Makes the verb.</summary>
    public AtomsEncodeVerb() : base("encode", "Encode activations with a sparse autoencoder and write codes and reconstruction.")
    {
        Add(_dictionary);
        Add(_input);
        Add(_out);
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        var path = context.Get(_out)!;
        OutputFile.Check(path);
        using var scope = NewDisposeScope();
        using var dictionary = SparseAutoencoder.Load(context.Get(_dictionary));
        var x = TensorReference.Read(context.Get(_input)!, ScalarType.Float32);
        var encoded = DictionaryEncoding.Run(dictionary, x, context.Progress, context.Cancellation);
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["codes"] = encoded.Codes, ["reconstruction"] = encoded.Reconstruction });
        foreach (var warning in dictionary.Info.Warnings)
        {
            context.Log(warning);
        }

        var info = dictionary.Info;
        var written = new Written(
            $"{info.Format}", $"{info.Architecture}", encoded.Codes.shape, encoded.Reconstruction.shape, encoded.L0, encoded.ExplainedVariance, Path.GetFullPath(path), info.Conversions, info.Warnings);
        context.Print(written, (output, result) => output.WriteLine(
            $"{result.Architecture} ({result.Format}): {result.Codes[0]} rows, {result.Codes[1]} latents, {result.L0:0.##} active a row; codes and reconstruction in {result.Path}"));
    }

    /// <summary>What was written.</summary>
    /// <param name="Format">The layout it was read from.</param>
    /// <param name="Architecture">How codes are made.</param>
    /// <param name="Codes">[rows, d_sae].</param>
    /// <param name="Reconstruction">[rows, d_out].</param>
    /// <param name="L0">Active latents a row, mean.</param>
    /// <param name="ExplainedVariance">1 − residual over variance of the input, where input and output are as wide; else null.</param>
    /// <param name="Path">The file.</param>
    /// <param name="Conversions">What was done to the weights on reading.</param>
    /// <param name="Warnings">What to know.</param>
    private sealed record Written(
        string Format, string Architecture, long[] Codes, long[] Reconstruction, double L0, double? ExplainedVariance, string Path, IReadOnlyList<string> Conversions, IReadOnlyList<string> Warnings);
}
