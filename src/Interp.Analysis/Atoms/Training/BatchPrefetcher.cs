namespace Interp.Analysis.Atoms.Training;

/// <summary>Fetches the next batch, from disk or a live model, while a step is taken on the one before. Rows that are in memory are picked when they are asked for.</summary>
internal sealed class BatchPrefetcher(TrainingRows rows, int size, int steps) : IDisposable
{
    private Task<TrainingBatch>? _next;
    private long _nextStep = -1;

    /// <summary>The batch of a step, owned by the caller.</summary>
    public TrainingBatch Take(long step)
    {
        var batch = _nextStep == step ? _next!.GetAwaiter().GetResult() : rows.Batch(step, size);
        _next = null;
        _nextStep = -1;
        if (rows.IsFetched && step + 1 < steps)
        {
            _nextStep = step + 1;
            _next = Task.Run(() => rows.Batch(step + 1, size));
        }

        return batch;
    }

    /// <summary>Waits for the batch that is being read and frees it.</summary>
    public void Dispose()
    {
        try
        {
            _next?.GetAwaiter().GetResult().Dispose();
        }
        catch (Exception e) when (e is Compute.InterpException or IOException)
        {
            // Nobody will use that batch; whoever asks for it again meets the error.
        }
    }
}
