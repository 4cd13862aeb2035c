using System.CommandLine;
using System.Globalization;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Checkpoints;
using Interp.Models.Tokenization;
using static TorchSharp.torch;

namespace Interp.Cli.Frame;

/// <summary>Token ids from the command line: a file of ids, a text, or one token.</summary>
internal static class TokenInput
{
    private const string IdsTensor = "input_ids";
    private const string MaskTensor = "attention_mask";

    /// <summary>The option that names a file of ids.</summary>
    public static Option<string?> IdsOption() => new("--ids") { Description = $"A safetensors file with {IdsTensor} [batch, position]; {MaskTensor} of the same shape, one at tokens and zero at padding, is heeded by forward.", HelpName = "F.safetensors" };

    /// <summary>The option that gives a text.</summary>
    public static Option<string?> TextOption(string name = "--text", string what = "A text") =>
        new(name) { Description = $"{what}, with the special tokens that the tokenizer's files ask for.", HelpName = "T" };

    /// <summary>The ids of a file, [batch, position], in the present dispose scope.</summary>
    /// <exception cref="CheckpointException">The file has none.</exception>
    public static Tensor Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Entries.ContainsKey(IdsTensor)
            ? file.Read(IdsTensor)
            : throw new CheckpointException($"{path}: has no tensor {IdsTensor}: save the token ids as int64 [batch, position] under that name");
    }

    /// <summary>The padding mask of a file of ids, [batch, position], in the present dispose scope; null where it has none.</summary>
    public static Tensor? ReadMask(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Entries.ContainsKey(MaskTensor) ? file.Read(MaskTensor) : null;
    }

    /// <summary>The ids of a text, [1, position], in the present dispose scope.</summary>
    /// <exception cref="InterpException">The model has no tokenizer, or the text no tokens.</exception>
    public static Tensor Encode(LanguageModel model, string text) => model.ToTokens(text);

    /// <summary>Either the first row of a file of ids or a text, [1, position], in the present dispose scope.</summary>
    /// <exception cref="UsageException">Neither or both are given.</exception>
    public static Tensor Row(LanguageModel model, string? text, string? file, string verb) =>
        (text is null) == (file is null) ? throw new UsageException($"interp {verb} needs its input: give either --text T or --ids F.safetensors")
        : file is not null ? Read(file).narrow(0, 0, 1)
        : Encode(model, text!);

    /// <summary>One token: <c>#id</c>, or a text that is a single token.</summary>
    /// <exception cref="InterpException">It is not one token.</exception>
    public static int Token(LanguageModel model, string written)
    {
        if (written.StartsWith('#'))
        {
            return int.TryParse(written.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? id
                : throw new InterpException($"{written} is no token id: write # and a whole number, for example #5");
        }

        return model.SingleToken(written);
    }

    /// <summary>How a token is shown.</summary>
    public static string Show(LanguageModel model, int id) => model.Tokenizer?.TokenText(id) ?? string.Create(CultureInfo.InvariantCulture, $"#{id}");

    private static Tokenizer TokenizerOf(LanguageModel model) =>
        model.Tokenizer ?? throw new InterpException($"{model.Name} has no tokenizer: give token ids (--ids F.safetensors, #id)");
}
