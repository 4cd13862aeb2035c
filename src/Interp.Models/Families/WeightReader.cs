using Interp.Compute;
using Interp.Models.Checkpoints;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>
/// Takes a model's tensors one at a time, strictly: at the end every tensor has been taken or skipped and every parameter is
/// filled, or loading fails with all that is unexpected, missing or of the wrong shape.
/// </summary>
internal sealed class WeightReader(string where, IWeightSource source, ModelLoadOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
{
    /// <summary>Past this many problems there is no use in looking for more.</summary>
    private const int EnoughProblems = 1000;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<string> _missing = [];
    private readonly List<string> _misshapen = [];
    private readonly List<Func<string, bool>> _skips = [];

    /// <summary>What stands before every name asked for from now on.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>What was odd, one line each.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Reads all weights of a family.</summary>
    /// <exception cref="CheckpointException">The tensors are not those of the family.</exception>
    public TransformerParameters Read(Func<WeightReader, TransformerParameters> family)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var parameters = Bind(family);
        foreach (var tensor in parameters.All())
        {
            tensor.DetachFromDisposeScope();
        }

        return parameters;
    }

    /// <summary>All weights of a family as they come from the source, with their gradients' graph where it records one, in the present dispose scope.</summary>
    /// <exception cref="CheckpointException">The tensors are not those of the family.</exception>
    public TransformerParameters Bind(Func<WeightReader, TransformerParameters> family)
    {
        var parameters = family(this);
        var unexpected = source.Names.Where(name => !_taken.Contains(name) && !_skips.Exists(skip => skip(name))).ToList();
        return _missing.Count + _misshapen.Count + unexpected.Count > 0 ? throw Misfit(unexpected) : parameters;
    }

    /// <summary>Tensors to leave alone, by full name: masks and tables that other programs store.</summary>
    public void Skip(Func<string, bool> isSkipped) => _skips.Add(isSkipped);

    /// <summary>The first of the prefixes with which a name exists; the first of all where none does.</summary>
    public string ChoosePrefix(string name, params ReadOnlySpan<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (source.Names.Contains(prefix + name))
            {
                return prefix;
            }
        }

        return prefixes[0];
    }

    /// <summary>Whether a tensor is there.</summary>
    public bool Has(string name) => source.Names.Contains(Prefix + name);

    /// <summary>A tensor's shape, or null.</summary>
    public IReadOnlyList<long>? Shape(string name) => Has(name) ? source.Shape(Prefix + name) : null;

    /// <summary>Takes a tensor. A missing or misshapen one is noted and stands in as zeros until the end.</summary>
    public Tensor Take(string name, params long[] shape) => Take(name, options.Dtype, shape);

    /// <summary>Takes a tensor that is to be rearranged: in memory of its own, so that the source's pages are not held beside the copy.</summary>
    public Tensor TakeCopy(string name, params long[] shape)
    {
        var target = options.Device?.type == DeviceType.META ? StandIn(shape) : empty(shape, options.Dtype, options.Device ?? CPU);
        TakeInto(name, target, shape);
        return target;
    }

    /// <summary>Whether a tensor that is there, and now counts as taken, holds the values of another.</summary>
    public bool TakeMatching(string name, Tensor other)
    {
        if (Check(name, other.shape) is not { } full)
        {
            return true;
        }

        using var rows = other.contiguous();
        return source.Matches(full, rows);
    }

    private void TakeInto(string name, Tensor target, long[] shape)
    {
        if (Check(name, shape) is { } full)
        {
            source.Read(full, target);
        }
    }

    private Tensor Take(string name, ScalarType dtype, params long[] shape) =>
        Check(name, shape) is { } full ? source.Read(full, dtype, options.Device ?? CPU) : StandIn(shape);

    /// <summary>The full name of a tensor that is there in that shape; else null, and what is wrong is noted.</summary>
    private string? Check(string name, long[] shape)
    {
        cancellation.ThrowIfCancellationRequested();
        var full = Prefix + name;
        if (!source.Names.Contains(full))
        {
            _missing.Add(full);
            FailIfEnough();
            return null;
        }

        _taken.Add(full);
        var found = source.Shape(full);
        if (!found.SequenceEqual(shape))
        {
            _misshapen.Add($"{full} is [{string.Join(", ", found)}] where [{string.Join(", ", shape)}] is expected");
            FailIfEnough();
            return null;
        }

        progress?.Report(new StepProgress("load weights", _taken.Count, source.Names.Count, "tensors"));
        return full;
    }

    /// <summary>Takes a tensor if it is there.</summary>
    public Tensor? TakeOptional(string name, params long[] shape) => Has(name) ? Take(name, shape) : null;

    /// <summary>Takes an [out, in] matrix as [in, out], a view.</summary>
    public Tensor TakeTransposed(string name, long outputs, long inputs) => Take(name, outputs, inputs).t();

    /// <summary>Takes a norm's weight and, where it has one, bias.</summary>
    public NormParameters TakeNorm(string name, long width, bool hasBias) =>
        new(Take($"{name}.weight", width), hasBias ? Take($"{name}.bias", width) : null);

    /// <summary>Takes a norm's weight that is stored as its distance from one; in float32 at least.</summary>
    public NormParameters TakeOffsetNorm(string name, long width)
    {
        var precise = options.Dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        return new(Take($"{name}.weight", precise, width) + 1, null);
    }

    /// <summary>Takes tensors with a common last axis as one, one below the other.</summary>
    public Tensor TakeStacked((string Name, long Rows)[] parts, params long[] columns) =>
        TakeStacked([.. parts.Select(part => (part.Name, (long[])[part.Rows, .. columns]))]);

    /// <summary>Takes equally shaped tensors as one, along a new first axis.</summary>
    public Tensor TakeStack(IReadOnlyList<string> names, params long[] shape) =>
        TakeStacked([.. names.Select(name => (name, shape))]).view([names.Count, .. shape]);

    // Each is read straight into its place.
    private Tensor TakeStacked(IReadOnlyList<(string Name, long[] Shape)> parts)
    {
        long[] shape = [parts.Sum(part => part.Shape[0]), .. parts[0].Shape[1..]];
        if (options.Device?.type == DeviceType.META)
        {
            foreach (var (name, part) in parts)
            {
                Check(name, part);
            }

            return empty(shape, options.Dtype, META);
        }

        var (all, row) = (empty(shape, options.Dtype, options.Device ?? CPU), 0L);
        foreach (var (name, part) in parts)
        {
            using var place = all.narrow(0, row, part[0]);
            TakeInto(name, place, part);
            row += part[0];
        }

        return all;
    }

    /// <summary>Reads one block; what it made on the way is freed.</summary>
    public static BlockParameters Block(Func<BlockParameters> read)
    {
        using var scope = NewDisposeScope();
        var block = read();
        foreach (var tensor in block.All())
        {
            tensor.MoveToOuterDisposeScope();
        }

        return block;
    }

    /// <summary>Zeros of any shape in a few bytes.</summary>
    public Tensor StandIn(long[] shape) => zeros(1, dtype: options.Dtype, device: options.Device ?? CPU).expand(shape);

    private void FailIfEnough()
    {
        if (_missing.Count + _misshapen.Count > EnoughProblems)
        {
            throw Misfit([]);
        }
    }

    private CheckpointException Misfit(List<string> unexpected) =>
        new($"{where}: the weights do not fit the configuration: {string.Join("; ", Lists(unexpected))}");

    private IEnumerable<string> Lists(List<string> unexpected)
    {
        if (_missing.Count > 0)
        {
            yield return $"missing {Names(_missing)}";
        }

        if (_misshapen.Count > 0)
        {
            yield return $"wrong shape: {Names(_misshapen)}";
        }

        if (unexpected.Count > 0)
        {
            yield return $"unexpected {Names(unexpected)}";
        }
    }

    private static string Names(List<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal).Take(6)) + (names.Count > 6 ? $" and {names.Count - 6} more" : "");
}
