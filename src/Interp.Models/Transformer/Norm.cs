using Interp.Compute.Kernels.RowNorms;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>
/// LayerNorm and RMSNorm with their hook points: the divisor, and the value before weight and bias. Statistics are at least
/// float32. The arithmetic is the same with and without hooks, so that observing changes no bit.
/// </summary>
internal static class Norm
{
    /// <summary>Normalises the last axis at a place that has hook points.</summary>
    /// <param name="value">[…, d].</param>
    /// <param name="config">Which norm, what it adds under the root, and when it casts down.</param>
    /// <param name="parameters">Its weights.</param>
    /// <param name="plan">The run's hooks.</param>
    /// <param name="scaleSite">The divisor's point; that of the normalised value follows it.</param>
    /// <param name="layer">The block, or −1.</param>
    /// <param name="kind">Which norm, where it is not the configuration's.</param>
    /// <returns>[…, d], in the present dispose scope; the value itself without a norm.</returns>
    public static Tensor Apply(
        Tensor value, ModelConfig config, NormParameters parameters, HookPlan plan, HookSite scaleSite, int layer = -1, NormKind? kind = null)
    {
        var norm = kind ?? config.Norm;
        if (norm == NormKind.None)
        {
            return value;
        }

        using var scope = NewDisposeScope();
        var site = new Site(plan, scaleSite, layer);
        var precise = Precise(value);
        var settings = new NormSettings(norm == NormKind.LayerNorm, config.NormEpsilon, site.WantsNormalized);
        if (IsLate(value, config))
        {
            return WeightedLate(value, precise, settings with { KeepsNormalized = true }, parameters, site).MoveToOuterDisposeScope();
        }

        var rows = RowNorm.Apply(precise, settings, parameters.Weight, parameters.Bias);
        if (site.FireScale(rows.Scale) is { } scale)
        {
            rows = RowNorm.Apply(precise, settings, parameters.Weight, parameters.Bias, scale);
        }

        var output = rows.Output;
        if (rows.Normalized is { } normalized && site.FireNormalized(normalized) is { } replaced)
        {
            output = Weigh(replaced, parameters);
        }

        return output.to(value.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Normalises the last axis at a place without hook points.</summary>
    /// <param name="value">[…, d].</param>
    /// <param name="config">Which norm, what it adds under the root, and when it casts down.</param>
    /// <param name="parameters">Its weights.</param>
    /// <returns>[…, d], in the present dispose scope; the value itself without a norm.</returns>
    public static Tensor Apply(Tensor value, ModelConfig config, NormParameters parameters)
    {
        if (config.Norm == NormKind.None)
        {
            return value;
        }

        using var scope = NewDisposeScope();
        var settings = new NormSettings(config.Norm == NormKind.LayerNorm, config.NormEpsilon, KeepsNormalized: false);
        var precise = Precise(value);
        var output = IsLate(value, config)
            ? Weigh(RowNorm.Apply(precise, settings, null, null).Output.to(value.dtype), parameters)
            : RowNorm.Apply(precise, settings, parameters.Weight, parameters.Bias).Output;
        return output.to(value.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>In half precision most families cast the normalised value down before it meets the weight.</summary>
    private static bool IsLate(Tensor value, ModelConfig config) => !config.IsNormWeightPrecise && value.dtype is not (ScalarType.Float32 or ScalarType.Float64);

    private static Tensor Precise(Tensor value) => value.dtype is ScalarType.Float32 or ScalarType.Float64 ? value : value.to(ScalarType.Float32);

    private static Tensor WeightedLate(Tensor value, Tensor precise, NormSettings settings, NormParameters parameters, Site site)
    {
        var rows = RowNorm.Apply(precise, settings, null, null);
        var scale = site.FireScale(rows.Scale);
        rows = scale is null ? rows : RowNorm.Apply(precise, settings, null, null, scale);
        var normalized = rows.Normalized!.to(value.dtype);
        return Weigh(site.FireNormalized(normalized) ?? normalized, parameters);
    }

    private static Tensor Weigh(Tensor normalized, NormParameters parameters)
    {
        var result = parameters.Weight is { } weight ? normalized * weight : normalized;
        return parameters.Bias is { } bias ? result + bias : result;
    }

    /// <summary>The two hook points of a norm.</summary>
    private readonly record struct Site(HookPlan Plan, HookSite Scale, int Layer)
    {
        public bool WantsNormalized => Plan.Wants(Scale + 1, Layer);

        /// <summary>The divisor to use in place of the one given, or null.</summary>
        public Tensor? FireScale(Tensor scale) => Replacement(Scale, scale);

        /// <summary>The normalised value to use in place of the one given, or null.</summary>
        public Tensor? FireNormalized(Tensor normalized) => Replacement(Scale + 1, normalized);

        private Tensor? Replacement(HookSite site, Tensor value)
        {
            var left = Plan.Fire(site, value, Layer);
            return ReferenceEquals(left, value) ? null : left;
        }
    }
}
