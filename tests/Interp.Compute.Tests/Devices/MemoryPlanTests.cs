using Interp.Compute.Devices;
using TorchSharp;

namespace Interp.Compute.Tests.Devices;

public sealed class MemoryPlanTests
{
    [Fact]
    public void What_fits_is_let_through_and_what_does_not_is_refused_with_its_parts()
    {
        var plan = new MemoryPlan().Add("rows", 3L << 20).Add("weights", 5L << 30);
        Assert.Equal((5L << 30) + (3L << 20), plan.Bytes);
        plan.Require("GPU 0 has", plan.Bytes, "shrink it");
        var message = Assert.Throws<InterpException>(() => plan.Require("GPU 0 has", plan.Bytes - 1, "shrink it")).Message;
        Assert.Equal("this needs 5.0 GiB of memory (weights 5.0 GiB, rows 3.0 MiB), but GPU 0 has 5.0 GiB: shrink it", message);
    }

    [Fact]
    public void The_CPU_holds_what_the_process_may_have()
    {
        new MemoryPlan().Add("a little", 1 << 20).Require(torch.CPU, "shrink it");
        Assert.Contains("this process may have", Assert.Throws<InterpException>(() => new MemoryPlan().Add("all", 1L << 60).Require(torch.CPU, "shrink it")).Message, StringComparison.Ordinal);
    }
}
