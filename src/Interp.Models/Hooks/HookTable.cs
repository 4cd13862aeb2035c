using Interp.Models.Adapters;
using Interp.Models.Transformer;

namespace Interp.Models.Hooks;

/// <summary>The hook points of a model in firing order. A point's index is its slot.</summary>
internal sealed class HookTable
{
    private static readonly int s_sites = Enum.GetValues<HookSite>().Length;

    private readonly List<HookPoint> _points = [];
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly int[] _slotOf;
    private readonly IReadOnlyList<AttachedAdapter> _adapters;

    public HookTable(ModelConfig config, IReadOnlyList<AttachedAdapter>? adapters = null)
    {
        Config = config;
        _adapters = adapters ?? [];
        _slotOf = new int[(config.LayerCount + 1) * s_sites];
        Array.Fill(_slotOf, -1);
        AddStart();
        for (var layer = 0; layer < config.LayerCount; layer++)
        {
            AddAttention(layer);
            AddMlp(layer);
        }

        AddEnd();
    }

    public ModelConfig Config { get; }

    public IReadOnlyList<HookPoint> Points => _points;

    /// <summary>The slot of a point, or −1 where the model has none such. Points outside blocks have layer −1.</summary>
    public int Slot(HookSite site, int layer = -1) => _slotOf[((layer + 1) * s_sites) + (int)site];

    /// <summary>The slot of an expert's point, or −1: experts lie side by side, two points each.</summary>
    public int ExpertSlot(HookSite site, int layer, int expert) => Slot(site, layer) is >= 0 and var first ? first + (2 * expert) : -1;

    /// <summary>The slot of a canonical name, or −1.</summary>
    public int Slot(string name) => _slots.GetValueOrDefault(name, -1);

    private delegate void AddInLayer(HookSite site, string name, string axes, bool optIn = false);

    private bool HasPreNorm => Config.NormPlacement is NormPlacement.Before or NormPlacement.BeforeAndAfter;

    private bool HasPostNorm => Config.NormPlacement is NormPlacement.After or NormPlacement.BeforeAndAfter;

    private void AddStart()
    {
        Add(HookSite.Tokens, "hook_tokens", "b,p", optIn: true);
        Add(HookSite.Embed, "hook_embed", "b,p,D");
        if (Config.Positions is PositionKind.Learned or PositionKind.Shortformer)
        {
            Add(HookSite.PosEmbed, "hook_pos_embed", "b,p,D");
        }
    }

    private void AddAttention(int layer)
    {
        void In(HookSite site, string name, string axes, bool optIn = false) => Add(site, $"blocks.{layer}.{name}", axes, layer, optIn);

        In(HookSite.ResidPre, "hook_resid_pre", "b,p,D");
        In(HookSite.AttnIn, "hook_attn_in", "b,p,H,D", optIn: true);
        In(HookSite.QInput, "hook_q_input", "b,p,H,D", optIn: true);
        In(HookSite.KInput, "hook_k_input", "b,p,K,D", optIn: true);
        In(HookSite.VInput, "hook_v_input", "b,p,K,D", optIn: true);
        if (HasPreNorm)
        {
            AddNorm($"blocks.{layer}.ln1", HookSite.Ln1Scale, HookSite.Ln1Normalized, layer);
        }

        AddLive(layer, LivePlace.QueryKeyValue);
        In(HookSite.Q, "attn.hook_q", "b,p,H,h");
        In(HookSite.K, "attn.hook_k", "b,p,K,h");
        In(HookSite.V, "attn.hook_v", "b,p,K,h");
        if (Config.RotaryOf(layer) is not null || Config.QueryKeyNorm != QueryKeyNorm.None)
        {
            In(HookSite.RotQ, "attn.hook_rot_q", "b,p,H,h");
            In(HookSite.RotK, "attn.hook_rot_k", "b,p,K,h");
        }

        In(HookSite.AttnScores, "attn.hook_attn_scores", "b,H,q,k");
        In(HookSite.Pattern, "attn.hook_pattern", "b,H,q,k");
        In(HookSite.Z, "attn.hook_z", "b,p,H,h");
        In(HookSite.Result, "attn.hook_result", "b,p,H,D", optIn: true);
        AddLive(layer, LivePlace.Output);
        if (HasPostNorm)
        {
            AddNorm($"blocks.{layer}.ln1_post", HookSite.Ln1PostScale, HookSite.Ln1PostNormalized, layer);
        }

        In(HookSite.AttnOut, "hook_attn_out", "b,p,D");
        if (Config.NormPlacement == NormPlacement.AfterResidual)
        {
            AddNorm($"blocks.{layer}.ln1", HookSite.Ln1Scale, HookSite.Ln1Normalized, layer);
        }
    }

    private void AddMlp(int layer)
    {
        void In(HookSite site, string name, string axes, bool optIn = false) => Add(site, $"blocks.{layer}.{name}", axes, layer, optIn);

        if (!Config.IsAttentionOnly)
        {
            if (!Config.IsParallel)
            {
                In(HookSite.ResidMid, "hook_resid_mid", "b,p,D");
            }

            In(HookSite.MlpIn, "hook_mlp_in", "b,p,D", optIn: true);
            if (HasPreNorm)
            {
                AddNorm($"blocks.{layer}.ln2", HookSite.Ln2Scale, HookSite.Ln2Normalized, layer);
            }

            AddNeurons(layer, In);
            if (HasPostNorm)
            {
                AddNorm($"blocks.{layer}.ln2_post", HookSite.Ln2PostScale, HookSite.Ln2PostNormalized, layer);
            }

            In(HookSite.MlpOut, "hook_mlp_out", "b,p,D");
            if (Config.NormPlacement == NormPlacement.AfterResidual)
            {
                AddNorm($"blocks.{layer}.ln2", HookSite.Ln2Scale, HookSite.Ln2Normalized, layer);
            }
        }

        In(HookSite.ResidPost, "hook_resid_post", "b,p,D");
    }

    private void AddNeurons(int layer, AddInLayer add)
    {
        if (Config.ExpertCount > 0)
        {
            add(HookSite.MlpGate, "mlp.hook_gate", "b,p,E");
            add(HookSite.ExpertIndices, "mlp.hook_expert_indices", "b,p,t");
            add(HookSite.ExpertWeights, "mlp.hook_expert_weights", "b,p,t");
            for (var expert = 0; expert < Config.ExpertCount; expert++)
            {
                // Found by the first expert's slot and the expert's number.
                add(HookSite.ExpertPre, $"mlp.experts.{expert}.hook_pre", "n,M", optIn: true);
                add(HookSite.ExpertPost, $"mlp.experts.{expert}.hook_post", "n,M", optIn: true);
            }

            return;
        }

        AddLive(layer, Config.IsGated ? LivePlace.Gate : LivePlace.In);
        add(HookSite.MlpPre, "mlp.hook_pre", "b,p,M");
        if (Config.IsGated)
        {
            AddLive(layer, LivePlace.In);
            add(HookSite.MlpPreLinear, "mlp.hook_pre_linear", "b,p,M");
        }

        if (Config.HasMlpNorm)
        {
            add(HookSite.MlpMid, "mlp.hook_mid", "b,p,M");
            add(HookSite.MlpLnScale, "mlp.ln.hook_scale", "b,p,1");
            add(HookSite.MlpLnNormalized, "mlp.ln.hook_normalized", "b,p,M");
        }

        add(HookSite.MlpPost, "mlp.hook_post", "b,p,M");
        AddLive(layer, LivePlace.Out);
    }

    private void AddEnd()
    {
        if (Config.HasFinalNorm)
        {
            AddNorm("ln_final", HookSite.LnFinalScale, HookSite.LnFinalNormalized, -1);
        }

        Add(HookSite.UnembedIn, "unembed.hook_in", "b,p,D");
        Add(HookSite.UnembedOut, "unembed.hook_out", "b,p,V");
        if (Config.AreLogitsTransformed)
        {
            Add(HookSite.Logits, "hook_logits", "b,p,V");
        }
    }

    /// <summary>What live adapters add to a product, found by name.</summary>
    private void AddLive(int layer, LivePlace place)
    {
        foreach (var adapter in _adapters)
        {
            foreach (var factor in adapter.Adapter.Factors.Where(factor => factor.Layer == layer && factor.Place == place))
            {
                _slots.Add(factor.HookName(adapter.Name), _points.Count);
                _points.Add(new HookPoint(factor.HookName(adapter.Name), layer, "[b,p,D]", IsOptIn: false));
            }
        }
    }

    private void AddNorm(string prefix, HookSite scale, HookSite normalized, int layer)
    {
        if (Config.Norm != NormKind.None)
        {
            Add(scale, $"{prefix}.hook_scale", "b,p,1", layer);
            Add(normalized, $"{prefix}.hook_normalized", "b,p,D", layer);
        }
    }

    private void Add(HookSite site, string name, string axes, int layer = -1, bool optIn = false)
    {
        ref var slot = ref _slotOf[((layer + 1) * s_sites) + (int)site];
        slot = slot < 0 ? _points.Count : slot;
        _slots.Add(name, _points.Count);
        _points.Add(new HookPoint(name, layer < 0 ? null : layer, $"[{axes}]", optIn) { Site = site });
    }
}
