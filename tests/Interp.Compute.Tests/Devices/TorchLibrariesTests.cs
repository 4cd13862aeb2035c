using TorchSharp;

namespace Interp.Compute.Tests.Devices;

public sealed class TorchLibrariesTests
{
    [Fact]
    public void TorchSharp_loads_and_computes()
    {
        using var scope = torch.NewDisposeScope();
        var product = torch.ones(2, 3).matmul(torch.ones(3, 2));
        Assert.Equal(3f, product[0, 0].item<float>());
    }
}
