using System.Globalization;
using System.Text.RegularExpressions;
using Interp.Models.Checkpoints;

namespace Interp.Models.Hooks;

/// <summary>Turns what users write into canonical hook names: exact names, shorthands, other tools' names, globs.</summary>
internal static partial class HookNames
{
    private static readonly Dictionary<string, string> s_aliases = new(StringComparer.Ordinal)
    {
        ["attn"] = "pattern", ["attn_logits"] = "attn_scores", ["key"] = "k", ["query"] = "q", ["value"] = "v",
        ["mlp_pre"] = "pre", ["mlp_post"] = "post", ["mlp_pre_linear"] = "pre_linear",
    };

    // TransformerLens 3 names its bridge's points after modules.
    private static readonly Dictionary<string, string> s_bridge = new(StringComparer.Ordinal)
    {
        ["hook_in"] = "hook_resid_pre", ["hook_out"] = "hook_resid_post", ["attn.hook_out"] = "hook_attn_out", ["mlp.hook_out"] = "hook_mlp_out",
        ["attn.q.hook_out"] = "attn.hook_q", ["attn.k.hook_out"] = "attn.hook_k", ["attn.v.hook_out"] = "attn.hook_v",
        ["mlp.in.hook_out"] = "mlp.hook_pre", ["mlp.out.hook_in"] = "mlp.hook_post", ["mlp.gate.hook_out"] = "mlp.hook_gate",
    };

    private static readonly Dictionary<string, string> s_bridgeOutside = new(StringComparer.Ordinal)
    {
        ["embed.hook_out"] = "hook_embed", ["pos_embed.hook_out"] = "hook_pos_embed", ["ln_final.hook_out"] = "unembed.hook_in", ["unembed.hook_raw"] = "unembed.hook_out",
    };

    /// <summary>The slots that a name or glob means.</summary>
    /// <exception cref="HookNotFoundException">None; the message names the three nearest points.</exception>
    public static IReadOnlyList<int> Resolve(HookTable table, string name)
    {
        if (table.Slot(name) is >= 0 and var exact)
        {
            return [exact];
        }

        var slots = name.AsSpan().IndexOfAny('*', '{', '?') >= 0 ? Glob(table, name) : [];
        if (slots.Count == 0 && Alias(table, name) is { } canonical)
        {
            slots = [table.Slot(canonical)];
        }

        slots = slots.Count > 0 ? slots : [.. ModulePaths.Canonical(table.Config, name).Select(table.Slot).Where(slot => slot >= 0)];
        return slots.Count > 0
            ? slots
            : throw new HookNotFoundException(
                $"the model has no hook point {name}: near names are {Near(table, name)}");
    }

    /// <summary>The canonical name of a shorthand in a layer; negative layers count from the end.</summary>
    /// <exception cref="HookNotFoundException">There is none such.</exception>
    public static string InLayer(HookTable table, string shorthand, int layer)
    {
        var layers = table.Config.LayerCount;
        var index = layer < 0 ? layer + layers : layer;
        if (index < 0 || index >= layers)
        {
            throw new HookNotFoundException($"the model has no layer {layer}: it has {layers}, 0 to {layers - 1}");
        }

        var word = s_aliases.GetValueOrDefault(shorthand, shorthand);
        string[] candidates =
            shorthand is "mlp_pre" or "mlp_post" ? [$"blocks.{index}.mlp.hook_{word}"]
            : [$"blocks.{index}.{shorthand}", $"blocks.{index}.hook_{word}", $"blocks.{index}.attn.hook_{word}", $"blocks.{index}.mlp.hook_{word}"];
        return Array.Find(candidates, candidate => table.Slot(candidate) >= 0)
            ?? throw new HookNotFoundException(
                $"layer {index} has no hook point {shorthand}: near names are {NearNames.List($"blocks.{index}.hook_{word}", table.Points.Where(point => point.Layer == index).Select(point => point.Name))}");
    }

    // Whoever writes no path means the last part of a name.
    private static string Near(HookTable table, string name) => name.Contains('.', StringComparison.Ordinal)
        ? NearNames.List(name, table.Points.Select(point => point.Name))
        : NearNames.List(name, table.Points.Select(point => point.Name), full => full[(full.LastIndexOf("hook_", StringComparison.Ordinal) + "hook_".Length)..]);

    private static string? Alias(HookTable table, string name)
    {
        if (s_bridgeOutside.TryGetValue(name, out var outside))
        {
            return table.Slot(outside) >= 0 ? outside : null;
        }

        if (BridgeName().Match(name) is { Success: true } bridge && s_bridge.TryGetValue(bridge.Groups[2].Value, out var point))
        {
            var canonical = $"blocks.{bridge.Groups[1].Value}.{point}";
            return table.Slot(canonical) >= 0 ? canonical : null;
        }

        return ShortName().Match(name) is { Success: true } match
            && int.TryParse(match.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
            && layer < table.Config.LayerCount
            ? InLayer(table, match.Groups[1].Value, layer)
            : null;
    }

    private static List<int> Glob(HookTable table, string glob)
    {
        var pattern = Regex.Escape(glob).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal);
        pattern = Range().Replace(pattern, match =>
        {
            var (first, last) = (Number(match.Groups[1]), Number(match.Groups[2]));
            return last < first || last - first > 100_000 ? "(?!)" : $"(?:{string.Join('|', Enumerable.Range(first, last - first + 1))})";
        });
        var regex = new Regex($"^{pattern}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return [.. Enumerable.Range(0, table.Points.Count).Where(slot => regex.IsMatch(table.Points[slot].Name))];
    }

    private static int Number(Group group) =>
        int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue / 2;

    [GeneratedRegex(@"^blocks\.(\d+)\.(.+)$")]
    private static partial Regex BridgeName();

    [GeneratedRegex(@"^([a-z_]+?)(\d+)$")]
    private static partial Regex ShortName();

    [GeneratedRegex(@"\\\{(\d+)\\?\.\\?\.(\d+)(?:\\\}|\})")]
    private static partial Regex Range();
}
