using System.Globalization;
using System.Text.Json;

namespace Interp.Models.Tokenization.Formats;

/// <summary>What the files beside a tokenizer say about its special tokens.</summary>
/// <remarks>Order of belief: tokenizer_config.json, special_tokens_map.json, then the ids of generation_config.json and config.json.</remarks>
internal sealed record TokenizerSettings
{
    /// <summary>Nothing is said.</summary>
    public static readonly TokenizerSettings None = new();

    private static readonly string[] s_specialNames = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary>The begin token's text.</summary>
    public string? BeginToken { get; init; }

    /// <summary>The end token's text.</summary>
    public string? EndToken { get; init; }

    /// <summary>The texts of all tokens that are named as special.</summary>
    public IReadOnlyList<string> SpecialTexts { get; init; } = [];

    /// <summary>The begin token's id by the model's configuration.</summary>
    public int? ConfiguredBeginId { get; init; }

    /// <summary>The end tokens' ids by the model's configuration.</summary>
    public IReadOnlyList<int> ConfiguredEndIds { get; init; } = [];

    /// <summary>`add_bos_token`.</summary>
    public bool? AddsBegin { get; init; }

    /// <summary>`add_eos_token`.</summary>
    public bool? AddsEnd { get; init; }

    /// <summary>`add_prefix_space`.</summary>
    public bool AddsPrefixSpace { get; init; }

    /// <summary>`added_tokens_decoder`, and added_tokens.json.</summary>
    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>Reads the files that are there.</summary>
    public static TokenizerSettings Read(string folder)
    {
        var settings = ReadIds(Path.Combine(folder, "config.json"), None);
        settings = ReadIds(Path.Combine(folder, "generation_config.json"), settings);
        settings = ReadTokens(Path.Combine(folder, "special_tokens_map.json"), settings);
        settings = ReadTokens(Path.Combine(folder, "tokenizer_config.json"), settings);
        return ReadAdded(Path.Combine(folder, "added_tokens.json"), settings);
    }

    /// <summary>The added tokens, and those of the vocabulary that are named as special.</summary>
    public IReadOnlyList<AddedToken> AddedWith(Vocabulary vocabulary)
    {
        var known = Added.Select(token => token.Id).ToHashSet();
        var named = SpecialTexts.Select(text => (Text: text, Id: vocabulary.IdOf(text))).Where(entry => entry.Id is { } id && known.Add(id));
        return [.. Added, .. named.Select(entry => new AddedToken(entry.Id!.Value, entry.Text) { IsSpecial = true })];
    }

    /// <summary>The begin token's id: by name, by the configuration, or by the template's first token.</summary>
    public int? BeginId(TokenPipeline pipeline) =>
        (BeginToken is null ? null : pipeline.IdOf(BeginToken)) ?? ConfiguredBeginId
        ?? (pipeline.Template.Before.Count > 0 ? pipeline.Template.Before[0] : null);

    /// <summary>The end tokens' ids, the named one first.</summary>
    public IReadOnlyList<int> EndIds(TokenPipeline pipeline)
    {
        var named = EndToken is null ? null : pipeline.IdOf(EndToken);
        return [.. (named is { } id ? [id] : Array.Empty<int>()).Concat(ConfiguredEndIds).Distinct()];
    }

    /// <summary>A template with the begin and end tokens that the settings ask for, or without those they refuse.</summary>
    public TokenTemplate Apply(TokenTemplate template, int? begin, int? end)
    {
        var (before, after) = (template.Before, template.After);
        if (begin is { } first && AddsBegin is { } wantsBegin)
        {
            before = [.. wantsBegin ? [first] : Array.Empty<int>(), .. before.SkipWhile(id => id == first)];
        }

        if (end is { } last && AddsEnd is { } wantsEnd)
        {
            after = [.. after.Where(id => id != last), .. wantsEnd ? [last] : Array.Empty<int>()];
        }

        return new TokenTemplate(before, after);
    }

    private static TokenizerSettings ReadIds(string path, TokenizerSettings settings) => !File.Exists(path)
        ? settings
        : JsonFile.Read(path, root => settings with
        {
            ConfiguredBeginId = root.Find("bos_token_id")?.AsNumber() ?? settings.ConfiguredBeginId,
            ConfiguredEndIds = root.Find("eos_token_id") is { } ids
                ? ids.Kind == JsonValueKind.Array ? [.. ids.Items().Select(id => id.AsNumber())] : [ids.AsNumber()]
                : settings.ConfiguredEndIds,
        });

    private static TokenizerSettings ReadTokens(string path, TokenizerSettings settings) => !File.Exists(path)
        ? settings
        : JsonFile.Read(path, root => settings with
        {
            BeginToken = Token(root.Find("bos_token")) ?? settings.BeginToken,
            EndToken = Token(root.Find("eos_token")) ?? settings.EndToken,
            SpecialTexts = [.. settings.SpecialTexts.Concat(s_specialNames.Select(name => Token(root.Find(name))).OfType<string>()).Distinct()],
            AddsBegin = root.Find("add_bos_token")?.AsFlag() ?? settings.AddsBegin,
            AddsEnd = root.Find("add_eos_token")?.AsFlag() ?? settings.AddsEnd,
            AddsPrefixSpace = root.Flag("add_prefix_space", settings.AddsPrefixSpace),
            Added = root.Find("added_tokens_decoder") is { } added ? AddedTokenReader.Checked([.. added.Properties().Select(ReadAddedToken)], path) : settings.Added,
        });

    private static AddedToken ReadAddedToken((string Name, JsonPart Value) entry) =>
        int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? AddedTokenReader.Read(entry.Value, id)
            : throw entry.Value.Wrong($"'{entry.Name}' is not a token id");

    private static TokenizerSettings ReadAdded(string path, TokenizerSettings settings) => !File.Exists(path)
        ? settings
        : JsonFile.Read(path, root =>
        {
            var known = settings.Added.Select(token => token.Id).ToHashSet();
            var more = root.Properties().Select(entry => new AddedToken(entry.Value.AsNumber(), entry.Name) { IsSpecial = true })
                .Where(token => !known.Contains(token.Id));
            return settings with { Added = AddedTokenReader.Checked([.. settings.Added, .. more], path) };
        });

    // A token is a text, or an object with `content`.
    private static string? Token(JsonPart? part) => part is not { } found
        ? null
        : found.Kind == JsonValueKind.Object ? found.Text("content") : found.AsText();
}
