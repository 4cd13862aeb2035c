using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Probing;

/// <summary>
/// Whether the latents of a class stay silent on members of the class where one other latent stands in for them. Of the rows of a class that the dense
/// probe gets right: missed are those on which no main latent fires; absorbed those on which, besides, one latent with cos(d, w) ≥ 0.025 carries at
/// least half of the sum of the positive f_j·⟨d_j, w⟩, w the dense probe's direction.
/// </summary>
/// <remarks>After Chanin et al., arXiv 2409.14507, with the projection on the probe in place of integrated gradients.</remarks>
internal sealed class Absorption
{
    /// <summary>The least cosine of an absorbing latent with the probe; the paper's.</summary>
    private const double LeastCosine = 0.025;

    private const int MostListed = 5;

    private readonly Tensor _along;
    private readonly Tensor _aligned;
    private readonly long[] _main;
    private readonly Dictionary<int, int> _absorbing = [];
    private int _members;
    private int _fired;
    private int _right;
    private int _missed;
    private int _absorbed;

    /// <summary>Starts with nothing; tensors are in the caller's scope.</summary>
    /// <param name="directions">Directions <c>[N, d]</c>.</param>
    /// <param name="probe">The dense probe.</param>
    /// <param name="main">The class's latents.</param>
    public Absorption(Tensor directions, LogisticProbe probe, IReadOnlyList<int> main)
    {
        var w = tensor(probe.Weights).to(directions.dtype);
        _along = directions.matmul(w); // [N]
        _aligned = (_along / (directions.norm(1) * w.norm()).clamp_min(1e-12)).ge(LeastCosine);
        _main = [.. main.Select(latent => (long)latent)];
    }

    /// <summary>The share of members on which a main latent fires.</summary>
    public double Recall => _members == 0 ? double.NaN : (double)_fired / _members;

    /// <summary>The share of members found by the dense probe that no main latent fires on.</summary>
    public double Missed => _right == 0 ? double.NaN : (double)_missed / _right;

    /// <summary>The share of them that one other latent carries.</summary>
    public double Absorbed => _right == 0 ? double.NaN : (double)_absorbed / _right;

    /// <summary>The latents that did, most often first.</summary>
    public IReadOnlyList<int> Latents => [.. _absorbing.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key).Take(MostListed).Select(entry => entry.Key)];

    /// <summary>Adds members of the class.</summary>
    /// <param name="codes">Codes <c>[n, N]</c> of members.</param>
    /// <param name="isFound">Which of them the dense probe gets right.</param>
    public void Add(Tensor codes, bool[] isFound)
    {
        using var scope = NewDisposeScope();
        var fires = codes.index_select(1, tensor(_main)).gt(0).any(1).data<bool>().ToArray();
        var parts = (codes * _along).clamp_min_(0);
        var (greatest, latents) = parts.mul(_aligned).max(1);
        var carries = greatest.gt(0).logical_and(greatest.ge(parts.sum([1L]) * 0.5)).data<bool>().ToArray();
        var places = latents.data<long>().ToArray();
        for (var row = 0; row < fires.Length; row++)
        {
            _members++;
            _fired += fires[row] ? 1 : 0;
            if (!isFound[row])
            {
                continue;
            }

            _right++;
            if (fires[row])
            {
                continue;
            }

            _missed++;
            if (carries[row])
            {
                _absorbed++;
                _absorbing[(int)places[row]] = _absorbing.GetValueOrDefault((int)places[row]) + 1;
            }
        }
    }
}
