using Interp.Compute;
using Interp.Models;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Tasks;

/// <summary>Runs a task's prompts through its model, plainly or with a position's stream replaced. Prompts of one length go together.</summary>
internal sealed class TaskRunner(LanguageModel model, CyclicTask task)
{
    /// <summary>Tokens of one batch.</summary>
    private const int TokensAtOnce = 8192;

    /// <summary>The task.</summary>
    public CyclicTask Task => task;

    /// <summary>The model.</summary>
    public LanguageModel Model => model;

    /// <summary>How many streams there are: one entering each layer and one after the last.</summary>
    public int StreamCount => model.Config.LayerCount + 1;

    /// <summary>Runs every problem and keeps the streams.</summary>
    /// <returns>The states, owned by the caller.</returns>
    public TaskStates Read(CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var names = Enumerable.Range(0, model.Config.LayerCount).Select(InputOf).Append($"blocks.{model.Config.LayerCount - 1}.hook_resid_post").ToArray();
        var capture = HookFilter.Names(names);
        var all = Batches([.. task.Problems], rows =>
        {
            using var run = model.Run(Ids(rows), new RunOptions { Capture = capture, ReturnLogits = LogitPositions.Last }, cancellation);
            IEnumerable<Tensor> At(TaskPosition position) => names.Select(name => Pick(run.Cache[name], rows, position));
            return [CandidateLogits(run), .. At(TaskPosition.Alpha), .. At(TaskPosition.Last)];
        });
        foreach (var tensor in all)
        {
            tensor.DetachFromDisposeScope();
        }

        return new TaskStates(all[0], [.. all.Skip(1).Take(names.Length)], [.. all.Skip(1 + names.Length)]);
    }

    /// <summary>The candidates' logits of problems, repeated or not, with a stream replaced.</summary>
    /// <returns>float64 CPU [row, p], in the current dispose scope.</returns>
    public Tensor Logits(IReadOnlyList<TaskProblem> rows, TaskReplacement? replacement, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var offsets = rows.Select((row, index) => (row, index)).ToArray();
        return Batches(offsets, part =>
        {
            var problems = Array.ConvertAll(part, pair => pair.row);
            var hooks = replacement is null ? [] : new[] { Handler(problems, replacement, Array.ConvertAll(part, pair => (long)pair.index)) };
            using var run = model.Run(Ids(problems), new RunOptions { Hooks = hooks, ReturnLogits = LogitPositions.Last }, cancellation);
            return [CandidateLogits(run)];
        }, pair => pair.row.Ids.Length)[0].MoveToOuterDisposeScope();
    }

    private static string InputOf(int layer) => $"blocks.{layer}.hook_resid_pre";

    private static HookHandler Handler(TaskProblem[] problems, TaskReplacement replacement, long[] offsets) =>
        new(InputOf(replacement.Layer), (value, _) =>
        {
            var place = tensor(Array.ConvertAll(problems, problem => PositionOf(problem, replacement.Position)));
            var isThere = arange(value.shape[1]).unsqueeze(0).eq(place.unsqueeze(1)).unsqueeze(2).to(value.device); // [b, p, 1]
            return where(isThere, replacement.Values.index_select(0, tensor(offsets)).to(value.dtype).to(value.device).unsqueeze(1), value);
        });

    private static long PositionOf(TaskProblem problem, TaskPosition position) => position == TaskPosition.Alpha ? problem.AlphaPosition : problem.Ids.Length - 1;

    private static Tensor Pick(Tensor stream, TaskProblem[] rows, TaskPosition position) =>
        stack([.. rows.Select((row, index) => stream[index, PositionOf(row, position)])], 0).to(ScalarType.Float64).cpu();

    private Tensor CandidateLogits(RunResult run) =>
        run.Logits!.select(1, -1).to(ScalarType.Float64).cpu().index_select(1, tensor(task.Candidates.Select(id => (long)id).ToArray()));

    private static Tensor Ids(TaskProblem[] rows) =>
        tensor(rows.SelectMany(row => row.Ids).Select(id => (long)id).ToArray(), rows.Length, rows[0].Ids.Length);

    private static Tensor[] Batches(TaskProblem[] rows, Func<TaskProblem[], Tensor[]> run) => Batches(rows, run, row => row.Ids.Length);

    /// <summary>Runs rows in batches of one length each and puts the results back into the rows' order.</summary>
    private static Tensor[] Batches<T>(T[] rows, Func<T[], Tensor[]> run, Func<T, int> length)
    {
        var order = new List<long>();
        var parts = new List<Tensor[]>();
        foreach (var group in rows.Select((row, index) => (row, index)).GroupBy(pair => length(pair.row)).OrderBy(group => group.Key))
        {
            foreach (var chunk in group.Chunk(Math.Max(1, TokensAtOnce / group.Key)))
            {
                using var scope = NewDisposeScope();
                parts.Add([.. run(Array.ConvertAll(chunk, pair => pair.row)).Select(part => part.MoveToOuterDisposeScope())]);
                order.AddRange(chunk.Select(pair => (long)pair.index));
            }
        }

        var back = tensor(order.ToArray()).argsort();
        return [.. Enumerable.Range(0, parts[0].Length).Select(i => cat([.. parts.Select(part => part[i])], 0).index_select(0, back))];
    }
}
