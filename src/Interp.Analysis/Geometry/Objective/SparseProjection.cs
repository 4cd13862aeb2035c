using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Geometry.Objective;

/// <summary>Columns of ⌈√D⌉ random signs at random places, scaled to unit length: d√D numbers.</summary>
internal sealed class SparseProjection : RandomProjection
{
    private readonly Tensor _places;  // [d·n]: the parameter that each entry adds to
    private readonly Tensor _signs;   // [d, n]

    private SparseProjection(Tensor places, Tensor signs) => (_places, _signs) = (places, signs);

    /// <summary>Draws the places of each column without repetition.</summary>
    public static SparseProjection Of(int parameters, int dimension, SplitMix64 random)
    {
        var entries = (int)Math.Ceiling(Math.Sqrt(parameters));
        var places = new long[(long)dimension * entries];
        var signs = new float[places.Length];
        var scale = (float)(1 / Math.Sqrt(entries));
        var taken = new HashSet<int>();
        for (var column = 0; column < dimension; column++)
        {
            taken.Clear();
            for (var entry = 0; entry < entries;)
            {
                var place = random.NextInt(parameters);
                if (taken.Add(place))
                {
                    var at = ((long)column * entries) + entry++;
                    places[at] = place;
                    signs[at] = Sign(random) * scale;
                }
            }
        }

        return new SparseProjection(tensor(places).DetachFromDisposeScope(), tensor(signs, dimension, entries).DetachFromDisposeScope())
        {
            Parameters = parameters,
            Dimension = dimension,
        };
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor coordinates)
    {
        using var scope = NewDisposeScope();
        return zeros(Parameters).index_add(0, _places, (coordinates.unsqueeze(1) * _signs).flatten(), 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _places.Dispose();
        _signs.Dispose();
    }
}
