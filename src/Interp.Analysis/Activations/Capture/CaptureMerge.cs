using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Activations.Capture;

/// <summary>Puts the parts of a capture together: the folder becomes, byte for byte, what one process would have written.</summary>
public static class CaptureMerge
{
    private const int PieceRows = 8192;

    /// <summary>Merges parts.</summary>
    /// <param name="parts">The folders of all parts, in any order.</param>
    /// <param name="options">What was asked for, for the size of the shards and the element type.</param>
    /// <param name="outputFolder">A folder without a capture.</param>
    /// <param name="progress">Receives the rows done.</param>
    /// <param name="cancellation">Stops between pieces; nothing stays.</param>
    /// <returns>What the capture by one process would have returned.</returns>
    /// <exception cref="InterpException">A part is missing, there twice, damaged, or of another capture.</exception>
    public static CaptureResult Run(
        IReadOnlyList<string> parts, CaptureOptions options, string outputFolder, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(options);
        var opened = parts.Select(folder => (Folder: folder, Manifest: ActivationManifest.Read(folder))).OrderBy(part => part.Manifest.Part?.Index).ToArray();
        RequireWhole(opened);
        using var noGradient = no_grad();
        using var sources = new Sources(opened);
        var manifest = opened[0].Manifest;
        using var writer = ActivationWriter.Create(outputFolder, manifest.Hooks, manifest.Origin, sources.Dtype, (long)options.ShardSize << 20);
        RowStatistics[] statistics = [.. manifest.Hooks.Select(hook => new RowStatistics(hook.Name, hook.Width))];
        var total = opened.Sum(part => part.Manifest.Rows);
        foreach (var (part, firstRow, rows) in sources.Runs())
        {
            for (var done = 0; done < rows; done += PieceRows)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var count = Math.Min(PieceRows, rows - done);
                var stores = sources.Stores[part];
                Tensor[] values = [.. stores.Select(store => store.Read(firstRow + done, count))];
                for (var i = 0; i < values.Length; i++)
                {
                    statistics[i].Add(values[i]);
                }

                writer.Add(values, stores[0].TokenIds(firstRow + done, count), stores[0].Documents(firstRow + done, count), stores[0].Positions(firstRow + done, count));
                progress?.Report(new StepProgress("merge", writer.Rows, total, "rows"));
            }
        }

        var prompts = sources.Prompts();
        prompts.ForEach(prompt => writer.AddDocument(prompt));
        writer.Dropped = opened.Sum(part => part.Manifest.Dropped);
        var positions = manifest.Origin.Positions == "last" ? CapturedPositions.Last : CapturedPositions.All;
        return CaptureRun.Result(writer.Complete(), prompts.Count, positions, statistics);
    }

    private static void RequireWhole((string Folder, ActivationManifest Manifest)[] parts)
    {
        ArgumentOutOfRangeException.ThrowIfZero(parts.Length);
        foreach (var (folder, manifest) in parts)
        {
            if (manifest.Part is not { } part)
            {
                throw new InterpException($"{folder}: is no part of a capture but a whole one; give folders that capture --shard wrote");
            }

            if (part.Identity != parts[0].Manifest.Part!.Identity || part.Count != parts[0].Manifest.Part!.Count)
            {
                throw new InterpException($"{folder}: belongs to another capture than {parts[0].Folder} (model, text, options or number of parts differ)");
            }
        }

        MergedParts.RequireAll([.. parts.Select(part => (part.Folder, new WorkPart(part.Manifest.Part!.Index, part.Manifest.Part.Count)))]);
    }

    /// <summary>The opened parts.</summary>
    private sealed class Sources : IDisposable
    {
        private readonly int[][] _numbers;

        public Sources((string Folder, ActivationManifest Manifest)[] parts)
        {
            Dtype = parts[0].Manifest.Dtype switch { "F16" => ScalarType.Float16, "BF16" => ScalarType.BFloat16, _ => ScalarType.Float32 };
            Stores = [.. parts.Select(part => part.Manifest.Hooks.Select(hook => ActivationStore.Open(part.Folder, part.Manifest, hook.Name)).ToArray())];
            _numbers = [.. Stores.Select(stores => stores[0].PromptNumbers())];
        }

        public ScalarType Dtype { get; }

        /// <summary>A store a part and hook.</summary>
        public ActivationStore[][] Stores { get; }

        /// <summary>Rows of one part that follow each other in the whole capture, in its order.</summary>
        public IEnumerable<(int Part, long FirstRow, int Rows)> Runs()
        {
            var next = new long[Stores.Length];
            var ends = Stores.Select(stores => stores[0].Documents(0, checked((int)stores[0].Rows))).ToArray();
            while (true)
            {
                var part = -1;
                for (var i = 0; i < next.Length; i++)
                {
                    part = next[i] < ends[i].Length && (part < 0 || ends[i][next[i]] < ends[part][next[part]]) ? i : part;
                }

                if (part < 0)
                {
                    yield break;
                }

                var other = Enumerable.Range(0, next.Length).Where(i => i != part && next[i] < ends[i].Length).Select(i => ends[i][next[i]]).DefaultIfEmpty(int.MaxValue).Min();
                var first = next[part];
                while (next[part] < ends[part].Length && ends[part][next[part]] < other)
                {
                    next[part]++;
                }

                yield return (part, first, (int)(next[part] - first));
            }
        }

        /// <summary>The documents' tokens, in the order of the whole capture.</summary>
        public List<int[]> Prompts() =>
            [.. Stores.Zip(_numbers).SelectMany(part => part.First[0].Prompts.Zip(part.Second)).OrderBy(prompt => prompt.Second).Select(prompt => prompt.First)];

        public void Dispose()
        {
            foreach (var store in Stores.SelectMany(stores => stores))
            {
                store.Dispose();
            }
        }
    }
}
