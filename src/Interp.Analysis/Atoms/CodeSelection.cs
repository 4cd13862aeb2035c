using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms;

/// <summary>From pre-activations to codes, for every architecture that needs nothing else.</summary>
internal static class CodeSelection
{
    /// <summary>Selects.</summary>
    /// <param name="z">Pre-activations <c>[…, d_sae]</c>; not kept.</param>
    /// <param name="info">The architecture.</param>
    /// <param name="thresholds">θ <c>[d_sae]</c>, or null.</param>
    /// <returns>Codes of the same shape, in the scope of the caller.</returns>
    public static Tensor Apply(Tensor z, DictionaryInfo info, Tensor? thresholds) => info.Architecture switch
    {
        DictionaryArchitecture.Standard => z.relu(),
        DictionaryArchitecture.JumpRelu => Rectified(z, info).mul(z > thresholds!),
        DictionaryArchitecture.TopK => Greatest(z, Rectified(z, info), (long)info.ActiveCount),
        DictionaryArchitecture.GroupMax => GroupMax(z.relu(), (long)info.ActiveCount),
        DictionaryArchitecture.BatchTopK => BatchGreatest(z.relu(), info.ActiveCount),
        _ => throw new ArgumentException($"{info.Architecture} dictionaries need more than pre-activations", nameof(info)),
    };

    /// <summary>Keeps the k greatest of each row.</summary>
    public static Tensor Greatest(Tensor z, Tensor values, long k)
    {
        var places = z.topk((int)Math.Min(k, z.shape[^1]), -1, largest: true, sorted: false).indexes;
        return zeros_like(values).scatter_(-1, places, values.gather(-1, places));
    }

    /// <summary>Keeps the ⌊k·n⌋ greatest of n rows.</summary>
    public static Tensor BatchGreatest(Tensor rectified, double k)
    {
        var flat = rectified.reshape(-1);
        var rows = flat.shape[0] / rectified.shape[^1];
        var count = (int)Math.Min((long)Math.Floor(k * rows), flat.shape[0]);
        if (count == 0)
        {
            return zeros_like(rectified);
        }

        var (values, places) = flat.topk(count, 0, largest: true, sorted: false);
        return zeros_like(flat).scatter_(0, places, values).reshape(rectified.shape);
    }

    private static Tensor Rectified(Tensor z, DictionaryInfo info) => info.RectifiesCodes ? z.relu() : z;

    private static Tensor GroupMax(Tensor rectified, long groups)
    {
        var width = rectified.shape[^1];
        if (groups < 1 || width % groups != 0)
        {
            throw new InterpException($"{width} latents do not make {groups} equal groups: k of a groupmax dictionary must divide its width");
        }

        var grouped = rectified.reshape([.. rectified.shape[..^1], groups, width / groups]);
        var (values, places) = grouped.max(-1, keepdim: true);
        return zeros_like(grouped).scatter_(-1, places, values).reshape(rectified.shape);
    }
}
