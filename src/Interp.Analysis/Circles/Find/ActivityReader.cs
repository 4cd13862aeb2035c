using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Find;

/// <summary>Streams a dictionary's codes: how often each latent fires, and what groups of latents do.</summary>
internal sealed class ActivityReader(FindInput input, FindOptions options)
{
    /// <summary>Codes held at once, in numbers.</summary>
    private const int CodesAtOnce = 1 << 22;

    private readonly int _width = (int)input.Decoder.shape[0];

    /// <summary>The tokens that are read.</summary>
    public long Rows { get; } = Math.Min(input.Rows, options.Rows);

    /// <summary>How often each latent is active, <c>[d_sae]</c>.</summary>
    /// <exception cref="InterpException">A code is not finite.</exception>
    public long[] Firings(IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var counts = zeros(_width, ScalarType.Int64);
        foreach (var (first, count) in Batches())
        {
            cancellation.ThrowIfCancellationRequested();
            using var batch = NewDisposeScope();
            var codes = Codes(first, count);
            counts.add_(codes.gt(options.Threshold).sum([0L]).cpu());
            progress?.Report(new StepProgress("count firings", first + count, Rows, "tokens"));
        }

        return counts.data<long>().ToArray();
    }

    /// <summary>Collects the codes of groups of latents, each on its first tokens.</summary>
    public GroupActivity[] Collect(IReadOnlyList<int[]> groups, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var activities = groups.Select(group => new GroupActivity(group, options.TokensPerCluster)).ToArray();
        var places = new List<(GroupActivity Group, int Member)>[_width];
        foreach (var activity in activities)
        {
            for (var member = 0; member < activity.Latents.Length; member++)
            {
                (places[activity.Latents[member]] ??= []).Add((activity, member));
            }
        }

        foreach (var (first, count) in Batches())
        {
            cancellation.ThrowIfCancellationRequested();
            Collect(first, count, places);
            progress?.Report(new StepProgress("collect codes", first + count, Rows, "tokens"));
            if (activities.All(activity => activity.IsFull))
            {
                break;
            }
        }

        return activities;
    }

    private void Collect(long first, int count, List<(GroupActivity Group, int Member)>[] places)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var codes = Codes(first, count);
        var active = codes.gt(options.Threshold);

        // Both lists are in the order of rows, then latents.
        var where = active.nonzero().cpu().contiguous().data<long>().ToArray();
        var values = codes.masked_select(active).to(ScalarType.Float32).cpu().data<float>().ToArray();
        for (var entry = 0; entry < values.Length; entry++)
        {
            foreach (var (group, member) in places[where[(2 * entry) + 1]] ?? [])
            {
                group.Add(first + where[2 * entry], member, values[entry]);
            }
        }
    }

    private Tensor Codes(long first, int count)
    {
        var codes = input.Codes(first, count);
        return codes.dim() != 2 || codes.shape[0] != count || codes.shape[1] != _width
            ? throw new ShapeMismatchException("the dictionary's codes", $"[{count}, {_width}]", codes.shape)
            : codes.isfinite().all().item<bool>() ? codes
            : throw new InterpException($"a code of rows {first} to {first + count - 1} is not finite: mend the activations or the dictionary first");
    }

    private IEnumerable<(long First, int Count)> Batches()
    {
        var size = Math.Clamp(CodesAtOnce / _width, 16, 8192);
        for (long first = 0; first < Rows; first += size)
        {
            yield return (first, (int)Math.Min(size, Rows - first));
        }
    }
}
