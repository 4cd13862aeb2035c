using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Interp.Analysis.Activations.Capture;
using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models;

namespace Interp.Analysis.Activations.Live;

/// <summary>
/// The documents of a text, or the prompts of a model's own task, one after another without end: every epoch in another seeded order, always
/// without those that are held out. A document is a function of its number, so that no cursor has to be saved.
/// </summary>
internal sealed class LiveDocuments : IDisposable
{
    private readonly Func<long, ITokenSource> _source;
    private readonly long _seed;
    private readonly HashSet<UInt128> _excluded;
    private readonly CancellationToken _cancellation;
    private IEnumerator<int[]> _epoch;
    private long _epochNumber;
    private long _epochStart;
    private long? _perEpoch;

    /// <summary>Starts at document 0.</summary>
    /// <param name="source">The source of an epoch, given the seed of its order.</param>
    /// <param name="seed">The seed of all orders.</param>
    /// <param name="excluded">Documents that never come, recognised by their tokens.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public LiveDocuments(Func<long, ITokenSource> source, long seed, IEnumerable<int[]> excluded, CancellationToken cancellation)
    {
        (_source, _seed, _cancellation) = (source, seed, cancellation);
        _excluded = [.. excluded.Select(Key)];
        _epoch = Epoch(0).GetEnumerator();
    }

    /// <summary>The number of the document that comes next.</summary>
    public long Next { get; private set; }

    /// <summary>The special tokens that every document starts with.</summary>
    public int Leading { get; private set; }

    /// <summary>The next document.</summary>
    /// <exception cref="InterpException">The text leaves none to train on.</exception>
    public int[] Take()
    {
        while (!_epoch.MoveNext())
        {
            _perEpoch = Next - _epochStart;
            if (_perEpoch == 0)
            {
                throw new InterpException("the text has no document left to train on beside those held out: give a longer text, fewer --tokens, or a smaller --held-out-fraction");
            }

            Enter(_epochNumber + 1, Next);
        }

        Next++;
        return _epoch.Current;
    }

    /// <summary>Goes to a document; those on the way are read again but not run.</summary>
    public void MoveTo(long document)
    {
        if (document < Next)
        {
            Enter(0, 0);
        }

        while (Next < document)
        {
            if (_perEpoch is { } count && document / count > _epochNumber)
            {
                Enter(document / count, document / count * count);
                continue;
            }

            _ = Take();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _epoch.Dispose();

    private void Enter(long epoch, long start)
    {
        _epoch.Dispose();
        (_epochNumber, _epochStart, Next) = (epoch, start, start);
        _epoch = Epoch(epoch).GetEnumerator();
    }

    private IEnumerable<int[]> Epoch(long number)
    {
        var seed = (long)(SplitMix64.ForStream(_seed, $"live epoch {number}").NextUInt64() >> 1);
        var source = _source(seed);
        var documents = source.Batches(source.Context, _cancellation).SelectMany(batch =>
        {
            Leading = batch.LeadingSpecial;
            return batch.Documents;
        });
        // A text is visited in a seeded order; a task's prompts come in theirs and are few.
        return (source.Kind == ModelTask.ModularAddition ? Shuffled([.. documents], seed) : documents).Where(document => !_excluded.Contains(Key(document)));
    }

    private static int[][] Shuffled(int[][] documents, long seed)
    {
        SplitMix64.ForStream(seed, "live prompts").Shuffle(documents.AsSpan());
        return documents;
    }

    private static UInt128 Key(int[] document)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(document.AsSpan()), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
