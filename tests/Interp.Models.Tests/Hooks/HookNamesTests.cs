using Interp.Models.Hooks;

namespace Interp.Models.Tests.Hooks;

public sealed class HookNamesTests
{
    private static readonly HookTable s_table = new(TinyModels.Toy with { LayerCount = 11 });

    [Theory]
    [InlineData("blocks.3.attn.hook_pattern", "blocks.3.attn.hook_pattern")]
    [InlineData("pattern3", "blocks.3.attn.hook_pattern")]
    [InlineData("attn10", "blocks.10.attn.hook_pattern")]
    [InlineData("resid_post0", "blocks.0.hook_resid_post")]
    [InlineData("mlp_post2", "blocks.2.mlp.hook_post")]
    [InlineData("query1", "blocks.1.attn.hook_q")]
    [InlineData("blocks.4.hook_in", "blocks.4.hook_resid_pre")]
    [InlineData("blocks.4.hook_out", "blocks.4.hook_resid_post")]
    [InlineData("blocks.4.attn.hook_out", "blocks.4.hook_attn_out")]
    [InlineData("blocks.4.mlp.hook_out", "blocks.4.hook_mlp_out")]
    [InlineData("embed.hook_out", "hook_embed")]
    [InlineData("blocks.4.attn.q.hook_out", "blocks.4.attn.hook_q")]
    [InlineData("ln_final.hook_out", "unembed.hook_in")]
    [InlineData("transformer.h.4", "blocks.4.hook_resid_post")]
    [InlineData("transformer.h.4.output", "blocks.4.hook_resid_post")]
    [InlineData("transformer.h.4.input", "blocks.4.hook_resid_pre")]
    [InlineData("transformer.h.4.attn", "blocks.4.hook_attn_out")]
    [InlineData("model.layers.4.self_attn.q_proj", "blocks.4.attn.hook_q")]
    [InlineData("model.layers.4.self_attn.o_proj", "blocks.4.hook_attn_out")]
    [InlineData("gpt_neox.layers.4.mlp.dense_h_to_4h", "blocks.4.mlp.hook_pre")]
    [InlineData("model.layers.4.mlp.down_proj.input", "blocks.4.mlp.hook_post")]
    [InlineData("model.decoder.layers.4.fc2", "blocks.4.hook_mlp_out")]
    [InlineData("transformer.wte", "hook_embed")]
    [InlineData("model.norm", "unembed.hook_in")]
    [InlineData("lm_head", "unembed.hook_out")]
    public void Names_shorthands_and_other_tools_names_mean_the_canonical_point(string written, string canonical)
    {
        var slot = Assert.Single(HookNames.Resolve(s_table, written));
        Assert.Equal(canonical, s_table.Points[slot].Name);
    }

    [Theory]
    [InlineData("blocks.*.hook_resid_post", 11)]
    [InlineData("blocks.{4..8}.mlp.hook_post", 5)]
    [InlineData("blocks.{9..10}.*", 2 * 19)]
    [InlineData("*hook_resid_pre", 11)]
    [InlineData("blocks.1?.hook_mlp_out", 1)]
    public void Globs_choose_all_that_match(string glob, int count)
    {
        var names = HookNames.Resolve(s_table, glob).Select(slot => s_table.Points[slot].Name).ToList();
        Assert.Equal(count, names.Count);
    }

    [Fact]
    public void Module_paths_take_a_star_for_all_layers_and_mean_nothing_where_something_stands_between()
    {
        Assert.Equal(11, HookNames.Resolve(s_table, "model.layers.*.mlp").Count);
        var gemma = new HookTable(TinyModels.Toy with { NormPlacement = Interp.Models.Transformer.NormPlacement.BeforeAndAfter, Norm = Interp.Models.Transformer.NormKind.RootMeanSquare });
        Assert.Throws<HookNotFoundException>(() => HookNames.Resolve(gemma, "model.layers.1.self_attn"));
        Assert.Equal("blocks.1.hook_attn_out", gemma.Points[HookNames.Resolve(gemma, "model.layers.1.post_attention_layernorm")[0]].Name);
    }

    [Fact]
    public void Layers_count_from_the_end_when_negative()
    {
        Assert.Equal("blocks.10.hook_resid_post", HookNames.InLayer(s_table, "resid_post", -1));
        Assert.Equal("blocks.0.mlp.hook_pre", HookNames.InLayer(s_table, "mlp_pre", 0));
        Assert.Contains("no layer 11", Assert.Throws<HookNotFoundException>(() => HookNames.InLayer(s_table, "resid_post", 11)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blocks.3.attn.hook_patern", "blocks.3.attn.hook_pattern")]
    [InlineData("blocks.3.hook_resid_past", "blocks.3.hook_resid_post")]
    [InlineData("blocks.99.*", "")]
    [InlineData("patern", "blocks.0.attn.hook_pattern")]
    public void A_name_that_matches_nothing_fails_with_the_nearest(string written, string near)
    {
        var error = Assert.Throws<HookNotFoundException>(() => HookNames.Resolve(s_table, written));
        Assert.Contains(written, error.Message, StringComparison.Ordinal);
        Assert.Contains(near, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_that_matches_nothing_fails() =>
        Assert.Throws<HookNotFoundException>(() => HookFilter.Where(_ => false).Select(s_table));

    [Fact]
    public void All_leaves_out_what_fires_only_when_asked()
    {
        var all = HookFilter.All.Select(s_table).Select(slot => s_table.Points[slot]).ToList();
        Assert.DoesNotContain(all, point => point.IsOptIn);
        Assert.Contains(all, point => point.Name == "blocks.0.attn.hook_pattern");
        var both = HookFilter.All.Or(HookFilter.Names("blocks.0.attn.hook_result")).Select(s_table);
        Assert.Equal(all.Count + 1, both.Count);
    }
}
