using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Find;

/// <summary>The codes of one group of latents on the first tokens on which any of them is active.</summary>
internal sealed class GroupActivity(int[] latents, int mostTokens)
{
    private const int RowsAtOnce = 4096;

    private readonly List<long> _rows = [];
    private readonly List<int> _starts = [];
    private readonly List<int> _members = [];
    private readonly List<float> _values = [];

    /// <summary>The latents.</summary>
    public int[] Latents { get; } = latents;

    /// <summary>The tokens' rows, ascending.</summary>
    public IReadOnlyList<long> Rows => _rows;

    /// <summary>Adds one activation; rows come in ascending order, and those after the most tokens are dropped.</summary>
    /// <param name="row">The token's row.</param>
    /// <param name="member">The place of the latent in <see cref="Latents"/>.</param>
    /// <param name="value">Its activation.</param>
    public void Add(long row, int member, float value)
    {
        if (_rows.Count == 0 || _rows[^1] != row)
        {
            if (IsFull)
            {
                return;
            }

            _rows.Add(row);
            _starts.Add(_values.Count);
        }

        _members.Add(member);
        _values.Add(value);
    }

    /// <summary>Whether no further token is kept. The last one may still be incomplete.</summary>
    public bool IsFull => _rows.Count == mostTokens;

    /// <summary>
    /// The reconstructions r_t = Σ act·W_dec of the group's latents alone, without decoder bias, in coordinates of an
    /// orthonormal basis of what they span.
    /// </summary>
    /// <param name="decoder">The whole decoder <c>[d_sae, d]</c>.</param>
    /// <returns>float64 <c>[tokens, min(latents, d)]</c> on the CPU, in the current dispose scope; distances and angles are those of r.</returns>
    public Tensor Reconstructions(Tensor decoder)
    {
        var directions = Directions(decoder);
        if (Latents.Length < decoder.shape[1])
        {
            // Wᵀ = QR, so r = c W = (c Rᵀ) Qᵀ: the coordinates along Q's columns are c Rᵀ.
            directions = linalg.qr(directions.t()).R.t();
        }

        var parts = new List<Tensor>();
        for (var first = 0; first < _rows.Count; first += RowsAtOnce)
        {
            using var codes = Codes(first, Math.Min(RowsAtOnce, _rows.Count - first));
            parts.Add(codes.matmul(directions));
        }

        return cat(parts, 0);
    }

    /// <summary>The basis of <see cref="Reconstructions"/>, orthonormal rows.</summary>
    /// <param name="decoder">The whole decoder <c>[d_sae, d]</c>.</param>
    /// <returns>float64 <c>[min(latents, d), d]</c> on the CPU, in the current dispose scope.</returns>
    public Tensor Basis(Tensor decoder) => Latents.Length < decoder.shape[1]
        ? linalg.qr(Directions(decoder).t()).Q.t()
        : eye(decoder.shape[1], dtype: ScalarType.Float64);

    private Tensor Directions(Tensor decoder) =>
        decoder.detach().index_select(0, tensor(Latents, device: decoder.device)).to(ScalarType.Float64).cpu();

    private Tensor Codes(int first, int count)
    {
        var codes = new double[count, Latents.Length];
        for (var token = 0; token < count; token++)
        {
            var end = first + token + 1 < _starts.Count ? _starts[first + token + 1] : _values.Count;
            for (var entry = _starts[first + token]; entry < end; entry++)
            {
                codes[token, _members[entry]] = _values[entry];
            }
        }

        return tensor(codes);
    }
}
