using Interp.Compute;
using Interp.Models.Transformer;
using static TorchSharp.torch;

namespace Interp.Models.Hooks.Interventions;

/// <summary>The part of a point's value that an intervention means: positions, a head, an entry of the last axis.</summary>
internal sealed class InterventionTarget
{
    private readonly int? _headAxis;
    private readonly int? _head;
    private readonly int? _neuron;

    /// <exception cref="InterpException">The point has no heads, or no such head or entry.</exception>
    public InterventionTarget(ModelConfig config, HookPoint point, Intervention intervention)
    {
        var axes = point.Axes.Trim('[', ']').Split(',');
        Name = point.Name;
        int? Axis(params string[] letters) => Array.FindIndex(axes, letters.Contains) is >= 0 and var at ? at : null;
        PositionAxis = Axis("p", "q");
        _headAxis = Axis("H", "K");
        var heads = axes.Contains("K") ? config.KeyValueHeadCount : config.HeadCount;
        _head = Checked(intervention.Head, _headAxis is null ? 0 : heads, "head");
        Width = intervention.Neuron is not null ? 1 : WidthOf(config, axes[^1]);
        _neuron = Checked(intervention.Neuron, WidthOf(config, axes[^1]), "entry");
        if (PositionAxis is null)
        {
            throw new InterpException($"{Name} has no position axis: interventions do not act there");
        }
    }

    /// <summary>The point's name.</summary>
    public string Name { get; }

    /// <summary>Where positions are.</summary>
    public int? PositionAxis { get; }

    /// <summary>The length of the last axis; 1 where the input decides it.</summary>
    public int Width { get; }

    /// <summary>A copy of a value in which the part meant is changed.</summary>
    public Tensor Change(Tensor value, HookPositions? positions, Func<Tensor, Tensor> change)
    {
        if (positions is null && _head is null && _neuron is null)
        {
            return change(value).contiguous();
        }

        var changed = value.clone();
        var within = Narrowed(changed);
        if (positions is null)
        {
            within.copy_(change(Narrowed(value)));
            return changed;
        }

        var at = Indices(positions, value);
        within.index_copy_(PositionAxis!.Value, at, change(Narrowed(value).index_select(PositionAxis.Value, at)));
        return changed;
    }

    /// <summary>The same part of another run's value, or null.</summary>
    public Tensor? Part(Tensor? value, HookPositions? positions) => value is null ? null
        : positions is null ? Narrowed(value) : Narrowed(value).index_select(PositionAxis!.Value, Indices(positions, value));

    /// <summary>A reference's part as one that can stand in the value's: the same sizes, or one row for all.</summary>
    /// <exception cref="ShapeMismatchException">It has another length or number of rows.</exception>
    public Tensor Fit(Tensor reference, Tensor part)
    {
        for (var axis = 0; axis < part.dim(); axis++)
        {
            if (reference.shape[axis] != part.shape[axis] && !(reference.shape[axis] == 1 && (axis == 0 || axis == PositionAxis)))
            {
                throw new ShapeMismatchException($"the reference's value at {Name}", $"[{string.Join(", ", part.shape)}], or one row", reference.shape);
            }
        }

        return reference.expand_as(part);
    }

    // An axis that the input decides has no entry to choose.
    private static int WidthOf(ModelConfig config, string axis) => axis switch
    {
        "D" => config.Width,
        "h" => config.HeadWidth,
        "M" => config.MlpWidth,
        "V" => config.OutputVocabularySize,
        "E" => config.ExpertCount,
        _ => 0,
    };

    private Tensor Narrowed(Tensor value)
    {
        value = _head is { } head ? value.narrow(_headAxis!.Value, head, 1) : value;
        return _neuron is { } neuron ? value.narrow(-1, neuron, 1) : value;
    }

    private Tensor Indices(HookPositions positions, Tensor value) => tensor(positions.Of(value.shape[PositionAxis!.Value]).ToArray(), device: value.device);

    private int? Checked(int? asked, int count, string what) => asked is not { } index ? null
        : count == 0 ? throw new InterpException($"{Name} has no {what} to choose: leave \"{(what == "head" ? what : "neuron")}\" out")
        : index >= -count && index < count ? (index + count) % count
        : throw new InterpException($"{Name} has no {what} {index}: it has {count}, 0 to {count - 1}");
}
