using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Analysis;
using Interp.Cli.Frame;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Tokenization;

namespace Interp.Cli.Verbs;

/// <summary><c>interp tokenize</c>: texts to token ids.</summary>
internal sealed class TokenizeVerb : Verb
{
    // A number a line would make files of long texts several times as large.
    private static readonly JsonSerializerOptions s_compact = new(ResultJson.Options) { WriteIndented = false };

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string?> _text = new("--text") { Description = "One text.", HelpName = "T" };
    private readonly Option<string?> _in = new("--in") { Description = "A JSON file {\"texts\": [\"…\"]}.", HelpName = "F.json" };
    private readonly Option<string?> _out = new("--out") { Description = "Write {\"ids\": [[…]]} to this file.", HelpName = "G.json" };
    private readonly Option<bool> _special = new("--special") { Description = "Add the special tokens that the tokenizer's files ask for." };

    /// <summary>Makes the verb.</summary>
    public TokenizeVerb() : base("tokenize", "Turn texts into token ids.")
    {
        Add(_model);
        Option[] options = [_text, _in, _out, _special];
        foreach (var option in options)
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        var (text, path) = (context.Get(_text), context.Get(_in));
        if ((text is null) == (path is null))
        {
            throw new UsageException("interp tokenize needs its input: give either --text T or --in F.json");
        }

        var texts = text is not null ? [text] : ReadTexts(path!);
        var tokenizer = Open(context, context.Get(_model));
        var special = context.Get(_special) ? SpecialTokens.Default : SpecialTokens.None;
        var ids = new int[texts.Length][];
        for (var i = 0; i < texts.Length; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            ids[i] = tokenizer.Encode(texts[i], special);
            context.Progress.Report(new StepProgress("tokenize", i + 1, texts.Length, "texts"));
        }

        if (context.Get(_out) is { } file)
        {
            OutputFile.Check(file);
            OutputFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(new TokenIds(ids), s_compact));
        }

        if (context.IsJson || context.Get(_out) is null)
        {
            context.Print(new TokenIds(ids), (output, result) => Write(output, result, tokenizer));
        }
    }

    // A tokenizer needs no weights: its folder, or its file, will do.
    private static Tokenizer Open(VerbContext context, string name)
    {
        if ((Directory.Exists(name) || File.Exists(name)) && Tokenizer.TryLoad(name) is { } alone)
        {
            return alone;
        }

        using var workspace = context.OpenWorkspace();
        using var model = LanguageModel.Inspect(workspace.ResolveModel(name));
        return model.Tokenizer ?? throw new InterpException($"{model.Name} has no tokenizer: put its tokenizer.json beside the weights");
    }

    private static void Write(TextWriter output, TokenIds result, Tokenizer tokenizer)
    {
        foreach (var ids in result.Ids)
        {
            output.WriteLine(string.Join(' ', ids));
            output.WriteLine(string.Join('|', ids.Select(tokenizer.TokenText)));
        }
    }

    private static string[] ReadTexts(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Texts>(File.ReadAllBytes(path), ResultJson.Options) is { Items: { } texts } && !texts.Contains(null)
                ? [.. texts.OfType<string>()]
                : throw new InterpException($"{path}: holds no list of texts: write {{\"texts\": [\"…\"]}}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InterpException($"{path}: there is no such file; check the path", e);
        }
        catch (JsonException e)
        {
            throw new InterpException($"{path}: is not JSON of the form {{\"texts\": [\"…\"]}} ({e.Message.ReplaceLineEndings(" ")})", e);
        }
    }

    private sealed record Texts([property: JsonPropertyName("texts")] string?[]? Items);

    private sealed record TokenIds(int[][] Ids);
}
