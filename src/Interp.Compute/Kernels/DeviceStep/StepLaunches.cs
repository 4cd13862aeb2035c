using Interp.Compute.Kernels.Lanes;

namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>The memory of a training step in a reduced type, and the launches that take it, the encoder's product excepted.</summary>
internal sealed class StepLaunches
{
    /// <summary>
    /// What rows are gathered from is gathered panel by panel of at most this size. Half of the second-level cache of the GPUs that this was counted
    /// for, since each half of the cache may hold its own copy, and other data passes through.
    /// </summary>
    private const long CacheBytes = 16L << 20;

    private const int LeastPanel = 32;
    private const long Capacity = RowStepKernels.Capacity;

    private readonly KernelLane _lane;
    private readonly int _rows;
    private readonly int _latents;
    private readonly int _pairs;
    private readonly KernelView<int> _places;
    private readonly KernelView<float> _values;
    private readonly KernelView<int> _entryRows;
    private readonly KernelView<float> _byLatent;
    private readonly KernelView<int> _starts;
    private readonly KernelView<int> _perLatent;
    private readonly KernelView<int> _taken;

    /// <summary>Takes the memory.</summary>
    /// <param name="lane">Where.</param>
    /// <param name="rows">B.</param>
    /// <param name="latents">N, even.</param>
    /// <param name="width">d, even, at most 4096.</param>
    /// <param name="pairBytes">Bytes of two weights.</param>
    /// <param name="panel">Pairs of a panel in both gathers; 0 for as many as suit the cache.</param>
    public StepLaunches(KernelLane lane, int rows, int latents, int width, int pairBytes, int panel = 0)
    {
        (_lane, _rows, _latents, _pairs) = (lane, rows, latents, width / 2);
        DecoderPanel = Math.Min(panel > 0 ? panel : Panel(latents, pairBytes), lane.GroupSize);
        EncoderPanel = panel > 0 ? panel : Panel(rows, pairBytes);
        Panels = Covering(_pairs, DecoderPanel);
        (_places, _values) = (lane.Zeros<int>(rows * Capacity), lane.Zeros<float>(rows * Capacity));
        (_entryRows, _byLatent) = (lane.Zeros<int>(rows * Capacity), lane.Zeros<float>(rows * Capacity));
        (_starts, _perLatent, _taken) = (lane.Zeros<int>(latents + 1), lane.Zeros<int>(latents), lane.Zeros<int>(latents));
        (Counts, Losses) = (lane.Zeros<int>(rows), lane.Zeros<float>((long)rows * Panels));
    }

    /// <summary>x·W_encᵀ <c>[B, N]</c>, in pairs.</summary>
    public required IKernelView Products { get; init; }

    /// <summary>x <c>[B, d]</c>, in pairs.</summary>
    public required IKernelView Inputs { get; init; }

    /// <summary>y <c>[B, d]</c>, in pairs.</summary>
    public required IKernelView Targets { get; init; }

    /// <summary><c>[N, d]</c>, in pairs; stepped.</summary>
    public required IKernelView Encoder { get; init; }

    /// <summary><c>[N, d]</c>, in pairs; stepped.</summary>
    public required IKernelView Decoder { get; init; }

    /// <summary>Second moments <c>[N, d]</c>, float32 or bfloat16; stepped.</summary>
    public required IKernelView EncoderSecond { get; init; }

    /// <inheritdoc cref="EncoderSecond"/>
    public required IKernelView DecoderSecond { get; init; }

    /// <summary>θ − b <c>[N]</c>.</summary>
    public required KernelView<float> Limits { get; init; }

    /// <summary>b <c>[N]</c>.</summary>
    public required KernelView<float> Biases { get; init; }

    /// <summary>b_dec <c>[d]</c>.</summary>
    public required KernelView<float> DecoderBias { get; init; }

    /// <summary>b, θ and their second moments <c>[N, 4]</c>; stepped.</summary>
    public required KernelView<float> Scalars { get; init; }

    /// <summary>Receives the residual's gradient <c>[B, d]</c>, in pairs.</summary>
    public required IKernelView Residual { get; init; }

    /// <summary>Receives the entries of each row <c>[B]</c>; beyond the capacity they are not kept.</summary>
    public KernelView<int> Counts { get; }

    /// <summary>Receives Σ(x̂ − y)² of each row and panel <c>[B, panels]</c>.</summary>
    public KernelView<float> Losses { get; }

    /// <summary>Panels of a row of <see cref="Losses"/>.</summary>
    public int Panels { get; }

    private int DecoderPanel { get; }

    private int EncoderPanel { get; }

    /// <summary>Everything after the encoder's product.</summary>
    public void Take(float half, float scale, LatentStepNumbers numbers)
    {
        Compact(half);
        Decode(scale);
        Order();
        UpdateDirections(numbers);
        UpdateEncoder(numbers);
    }

    public void Compact(float half) => _lane.LaunchGroups(
        typeof(RowStepKernels), nameof(RowStepKernels.Compact), Covering(_rows, RowStepKernels.RowsAtOnce), Products, Limits, Biases, Counts, _places, _values, _rows, _latents / 2, half);

    public void Decode(float scale) => _lane.LaunchGroups(
        typeof(RowStepKernels), nameof(RowStepKernels.Decode), (long)_rows * Panels,
        Counts, _places, _values, Decoder, DecoderBias, Targets, Residual, Losses, _rows, _pairs, DecoderPanel, scale);

    public void Order()
    {
        _lane.Clear(_perLatent);
        _lane.Clear(_taken);
        _lane.Launch(typeof(OrderStepKernels), nameof(OrderStepKernels.CountLatents), _rows * Capacity, Counts, _places, _perLatent);
        _lane.LaunchGroups(typeof(OrderStepKernels), nameof(OrderStepKernels.Starts), 1, _perLatent, _starts);
        _lane.Launch(typeof(OrderStepKernels), nameof(OrderStepKernels.FillLatents), _rows * Capacity, Counts, _places, _values, _starts, _taken, _entryRows, _byLatent);
    }

    public void UpdateDirections(LatentStepNumbers numbers) => _lane.LaunchGroups(
        typeof(LatentStepKernels), nameof(LatentStepKernels.UpdateDirections), _latents,
        _starts, _entryRows, _byLatent, Residual, Decoder, DecoderSecond, Scalars, Sized(numbers));

    public void UpdateEncoder(LatentStepNumbers numbers) => _lane.LaunchGroups(
        typeof(LatentStepKernels), nameof(LatentStepKernels.UpdateEncoder), (long)_latents * Covering(_pairs, EncoderPanel),
        _starts, _entryRows, _byLatent, Inputs, Encoder, EncoderSecond, Sized(numbers));

    private LatentStepNumbers Sized(LatentStepNumbers numbers) => numbers with { Pairs = _pairs, Latents = _latents, Panel = EncoderPanel };

    private static int Panel(long others, int pairBytes)
    {
        var panel = LatentStepKernels.MostPairs;
        while (panel > LeastPanel && others * panel * pairBytes > CacheBytes)
        {
            panel /= 2;
        }

        return panel;
    }

    private static int Covering(int count, int size) => (count + size - 1) / size;
}
