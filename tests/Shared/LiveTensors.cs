using TorchSharp;

namespace Interp.Tests;

/// <summary>Counts live tensors around an operation.</summary>
internal static class LiveTensors
{
    /// <summary>Fails when the operation leaves more live tensors behind than it should.</summary>
    public static void AssertNoGrowth(Action operation)
    {
        operation();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        operation();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
