using Interp.Compute.Kernels.DeviceStep;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks;

/// <summary>The memory of a training step in bfloat16, and the launches that take it, the encoder's product excepted.</summary>
internal sealed class DeviceStepState(KernelLane lane, int rows, int latents, int width)
{
    private const long Capacity = RowStepKernels.Capacity;

    public required KernelView<uint> Products { get; init; }

    public required KernelView<uint> Inputs { get; init; }

    public required KernelView<uint> Targets { get; init; }

    public required KernelView<uint> Encoder { get; init; }

    public required KernelView<uint> Decoder { get; init; }

    public required KernelView<float> EncoderSecond { get; init; }

    public required KernelView<float> DecoderSecond { get; init; }

    public required KernelView<float> Limits { get; init; }

    public required KernelView<float> Biases { get; init; }

    public required KernelView<float> DecoderBias { get; init; }

    public required KernelView<float> Scalars { get; init; }

    public KernelView<int> Counts { get; } = lane.Zeros<int>(rows);

    public KernelView<float> Losses { get; } = lane.Zeros<float>(rows);

    public KernelView<uint> Residual { get; } = lane.Zeros<uint>((long)rows * width / 2);

    private KernelView<int> Places { get; } = lane.Zeros<int>(rows * Capacity);

    private KernelView<float> Values { get; } = lane.Zeros<float>(rows * Capacity);

    private KernelView<int> Rows { get; } = lane.Zeros<int>(rows * Capacity);

    private KernelView<float> ByLatent { get; } = lane.Zeros<float>(rows * Capacity);

    private KernelView<int> Starts { get; } = lane.Zeros<int>(latents + 1);

    private KernelView<int> PerLatent { get; } = lane.Zeros<int>(latents);

    private KernelView<int> Taken { get; } = lane.Zeros<int>(latents);

    /// <summary>Everything after the encoder's product.</summary>
    public void Take(float half, float scale, LatentStepNumbers numbers)
    {
        lane.Clear(PerLatent);
        lane.Clear(Taken);
        Compact(half);
        Decode(scale);
        Order();
        Update(numbers);
    }

    public void Compact(float half) => lane.LaunchGroups(
        typeof(RowStepKernels), nameof(RowStepKernels.Compact), rows, Products, Limits, Biases, Counts, Places, Values, latents / 2, half);

    public void Decode(float scale) => lane.LaunchGroups(
        typeof(RowStepKernels), nameof(RowStepKernels.Decode), rows, Counts, Places, Values, Decoder, DecoderBias, Targets, Residual, Losses, width / 2, scale);

    public void Order()
    {
        lane.Launch(typeof(RowStepKernels), nameof(RowStepKernels.CountLatents), rows * Capacity, Counts, Places, PerLatent);
        lane.LaunchGroups(typeof(RowStepKernels), nameof(RowStepKernels.Starts), 1, PerLatent, Starts);
        lane.Launch(typeof(RowStepKernels), nameof(RowStepKernels.FillLatents), rows * Capacity, Counts, Places, Values, Starts, Taken, Rows, ByLatent);
    }

    public void Update(LatentStepNumbers numbers) => lane.LaunchGroups(
        typeof(LatentStepKernels), nameof(LatentStepKernels.Update), latents,
        Starts, Rows, ByLatent, Residual, Inputs, Encoder, Decoder, EncoderSecond, DecoderSecond, Scalars, numbers);
}
