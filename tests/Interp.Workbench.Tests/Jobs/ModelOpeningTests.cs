using Interp.Workbench.Jobs;
using TorchSharp;

namespace Interp.Workbench.Tests.Jobs;

public sealed class ModelOpeningTests
{
    [Theory]
    [InlineData(torch.ScalarType.Float32, 4)]
    [InlineData(torch.ScalarType.BFloat16, 2)]
    [InlineData(torch.ScalarType.Float64, 8)]
    public void The_plan_counts_every_parameter_in_the_asked_type(torch.ScalarType type, int bytes)
    {
        Assert.Equal(56_960L * bytes, ModelOpening.Plan(Checkout.PathOf("models", "clock-59"), type, DeviceType.CUDA).Bytes);

        // On the CPU float32 files are used as they lie.
        Assert.Equal(bytes == 4 ? 0 : 56_960L * bytes, ModelOpening.Plan(Checkout.PathOf("models", "clock-59"), type, DeviceType.CPU).Bytes);
    }
}
