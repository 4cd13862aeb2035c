using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Hooks.Interventions;

/// <summary>
/// Interventions made ready for one input: reference runs are done, vectors read and made orthonormal, names resolved. Its hooks
/// go into a run's options; it owns the tensors they use.
/// </summary>
public sealed class InterventionRun : IDisposable
{
    private readonly LanguageModel _model;
    private readonly List<IDisposable> _owned = [];
    private readonly List<HookHandler> _hooks = [];
    private readonly Dictionary<string, RunResult> _references = new(StringComparer.Ordinal);

    private InterventionRun(LanguageModel model) => _model = model;

    /// <summary>The hooks, in the order of the interventions.</summary>
    public IReadOnlyList<HookHandler> Hooks => _hooks;

    /// <summary>Makes interventions ready.</summary>
    /// <param name="model">The model, which stays the caller's.</param>
    /// <param name="ids">The input that they will act on, [batch, position].</param>
    /// <param name="interventions">What to do.</param>
    /// <param name="cancellation">Stops reference runs between blocks.</param>
    /// <returns>The hooks and what they need, owned by the caller; to be freed after the run.</returns>
    /// <exception cref="InterpException">A name, file, position, head or vector does not fit.</exception>
    public static InterventionRun Prepare(LanguageModel model, Tensor ids, IReadOnlyList<Intervention> interventions, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(interventions);
        var run = new InterventionRun(model);
        try
        {
            run.RunReferences(ids, interventions, cancellation);
            foreach (var intervention in interventions)
            {
                run.Add(intervention, ids.shape[1]);
            }

            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Frees references and vectors.</summary>
    public void Dispose()
    {
        foreach (var owned in _owned)
        {
            owned.Dispose();
        }
    }

    // One run a reference input, however many interventions read it.
    private void RunReferences(Tensor ids, IReadOnlyList<Intervention> interventions, CancellationToken cancellation)
    {
        foreach (var group in interventions.Where(NeedsReference).GroupBy(SourceOf, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            var input = group.Key.Length == 0 ? ids : ReadIds(group.Key);
            var run = _model.Run(input, new RunOptions { Capture = HookFilter.Names(group.Select(each => each.Target)), ReturnLogits = LogitPositions.None }, cancellation);
            _owned.Add(run);
            _references.Add(group.Key, run);
        }
    }

    private void Add(Intervention intervention, long length)
    {
        foreach (var point in _model.Resolve(intervention.Target))
        {
            var target = new InterventionTarget(_model.Config, point, intervention);
            var positions = intervention.Positions is { IsAll: false } some ? some : null;
            positions?.Of(length);
            var basis = NeedsVectors(intervention) ? Basis(intervention, target.Width) : null;
            var reference = NeedsReference(intervention) ? _references[SourceOf(intervention)].Cache[point.Name] : null;
            _hooks.Add(new HookHandler(point.Name, (value, _) =>
            {
                using var scope = NewDisposeScope();
                var other = target.Part(reference, intervention is { Operation: InterventionKind.Mean, IsPooled: true } ? null : positions);
                return target.Change(value, positions, part => Operate(intervention, target, target.Part(value, null)!, part, basis, other)).MoveToOuterDisposeScope();
            }));
        }
    }

    private static Tensor Operate(Intervention intervention, InterventionTarget target, Tensor whole, Tensor part, Tensor? basis, Tensor? reference)
    {
        var strength = intervention.Strength;
        Tensor Toward(Tensor other) => strength == 1 ? other.expand_as(part) : part + ((other - part) * strength);
        switch (intervention.Operation)
        {
            case InterventionKind.Zero:
                return Toward(zeros_like(part));
            case InterventionKind.Mean:
                var axes = intervention.IsPooled && target.PositionAxis is { } axis ? new long[] { 0, axis } : [0L];
                return Toward(target.Fit(reference!.mean(axes, keepdim: true), part));
            case InterventionKind.Resample:
                var random = SplitMix64.ForStream(intervention.Seed, $"resample {target.Name}");
                var rows = Enumerable.Range(0, (int)part.shape[0]).Select(_ => (long)(random.NextUInt64() % (ulong)reference!.shape[0])).ToArray();
                return Toward(target.Fit(reference!.index_select(0, tensor(rows, device: part.device)), part));
            case InterventionKind.Patch or InterventionKind.Freeze:
                return Toward(target.Fit(reference!, part));
            case InterventionKind.Steer:
                return part + (basis!.select(0, 0) * (whole.norm(-1, keepdim: true).mean() * strength));
            case InterventionKind.Project:
                return part - (Within(part, basis!) * strength);
            case InterventionKind.ScaleSubspace:
                return part + (Within(part, basis!) * (strength - 1));
            case InterventionKind.SwapSubspace:
                return part + ((Within(target.Fit(reference!, part), basis!) - Within(part, basis!)) * strength);
            default:
                throw new InterpException($"the operation {intervention.Operation} is unknown");
        }
    }

    /// <summary>The part of vectors in the span of orthonormal rows.</summary>
    private static Tensor Within(Tensor part, Tensor basis) => part.matmul(basis.t()).matmul(basis);

    /// <summary>Unit vectors, orthonormal where there are several, [n, d].</summary>
    private Tensor Basis(Intervention intervention, int width)
    {
        using var scope = NewDisposeScope();
        var vectors = (intervention.Directions, intervention.Vectors) switch
        {
            ({ Count: > 0 } lists, null) when lists.All(list => list.Count == lists[0].Count) =>
                tensor(lists.SelectMany(list => list).ToArray(), lists.Count, lists[0].Count),
            (null, { } file) => TensorReference.Read(file, ScalarType.Float64),
            _ => throw new InterpException($"{intervention.Operation} at {intervention.Target} needs vectors: give either \"vectors\": \"FILE:TENSOR\" or \"directions\": [[…]] of equal length"),
        };
        vectors = vectors.dim() == 1 ? vectors.unsqueeze(0) : vectors;
        if (vectors.dim() != 2 || vectors.shape[1] != width || vectors.shape[0] > width)
        {
            throw new ShapeMismatchException($"vectors for {intervention.Target}", $"[d] or [n, d] with d = {width}", vectors.shape);
        }

        if (intervention.Operation == InterventionKind.Steer && vectors.shape[0] != 1)
        {
            throw new InterpException($"steering at {intervention.Target} takes one vector, {vectors.shape[0]} are given: write one intervention a vector");
        }

        var (q, r) = linalg.qr(vectors.t());
        var kept = r.diagonal().abs();
        if (!isfinite(vectors).all().ToBoolean() || (kept <= 1e-12 * vectors.abs().max()).any().ToBoolean())
        {
            throw new InterpException($"the vectors for {intervention.Target} are zero, not finite or depend on one another: give independent directions");
        }

        // The factorisation may flip a vector; steering minds its sign.
        var basis = (q * r.diagonal().sign()).t().to(_model.Dtype, _model.Device).contiguous().DetachFromDisposeScope();
        _owned.Add(basis);
        return basis;
    }

    private static Tensor ReadIds(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Read("input_ids");
    }

    private static string SourceOf(Intervention intervention) => intervention.Operation == InterventionKind.Freeze ? "" : intervention.Reference
        ?? throw new InterpException($"{intervention.Operation} at {intervention.Target} needs a reference: give \"reference\": a safetensors file with input_ids");

    private static bool NeedsReference(Intervention intervention) => intervention.Operation
        is InterventionKind.Mean or InterventionKind.Resample or InterventionKind.Patch or InterventionKind.Freeze or InterventionKind.SwapSubspace;

    private static bool NeedsVectors(Intervention intervention) => intervention.Operation
        is InterventionKind.Steer or InterventionKind.Project or InterventionKind.ScaleSubspace or InterventionKind.SwapSubspace;
}
