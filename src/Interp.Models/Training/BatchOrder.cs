using Interp.Compute.Statistics;

namespace Interp.Models.Training;

/// <summary>
/// Which examples each step takes: every epoch visits all of them once in a freshly shuffled order, and a remainder too small
/// for a batch is left out.
/// </summary>
internal sealed class BatchOrder
{
    private readonly SplitMix64 _random;
    private readonly int _exampleCount;
    private readonly int _batchSize;
    private int[] _order = [];
    private ulong _epochState;
    private int _position;

    /// <summary>Starts before the first epoch of a seed.</summary>
    /// <param name="exampleCount">The training examples.</param>
    /// <param name="batchSize">Examples a step; 0, or as many as there are, takes all of them in order every time.</param>
    /// <param name="seed">The seed.</param>
    public BatchOrder(int exampleCount, int batchSize, long seed)
    {
        _exampleCount = exampleCount;
        _batchSize = batchSize;
        _random = SplitMix64.ForStream(seed, "batches");
        _epochState = _random.State;
    }

    /// <summary>Whether each step takes all examples, so that nothing is drawn.</summary>
    public bool IsFullBatch => _batchSize == 0 || _batchSize >= _exampleCount;

    /// <summary>The random state before the current epoch was shuffled and the examples taken from it.</summary>
    public (ulong EpochState, int Position) State => (_epochState, _position);

    /// <summary>The next step's examples, or null for all of them.</summary>
    public long[]? Next()
    {
        if (IsFullBatch)
        {
            return null;
        }

        if (_order.Length == 0 || _position + _batchSize > _exampleCount)
        {
            StartEpoch();
        }

        var batch = Array.ConvertAll(_order[_position..(_position + _batchSize)], example => (long)example);
        _position += _batchSize;
        return batch;
    }

    /// <summary>Goes on from a saved <see cref="State"/>.</summary>
    public void Restore(ulong epochState, int position)
    {
        _random.State = epochState;
        if (position > 0)
        {
            StartEpoch();
        }

        _epochState = epochState;
        _position = position;
    }

    private void StartEpoch()
    {
        _epochState = _random.State;
        _order = _random.Permutation(_exampleCount);
        _position = 0;
    }
}
