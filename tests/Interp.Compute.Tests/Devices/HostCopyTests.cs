using Interp.Compute.Devices;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Devices;

public sealed class HostCopyTests
{
    [Fact]
    public void Tensors_on_the_CPU_are_there_at_once_in_the_asked_type_and_outlive_their_sources()
    {
        HostCopy copy;
        using (NewDisposeScope())
        {
            var source = arange(6, dtype: ScalarType.Float64).view(2, 3);
            copy = HostCopy.Start([source.t(), source.bfloat16()], ScalarType.Float32);
        }

        Assert.False(copy.IsUnderWay);
        var tensors = copy.Wait();
        Assert.Equal([0f, 3, 1, 4, 2, 5], tensors[0].data<float>().ToArray());
        Assert.Equal((ScalarType.Float32, ScalarType.Float32), (tensors[0].dtype, tensors[1].dtype));
        copy.Dispose();
        Assert.All(tensors, tensor => Assert.True(tensor.IsInvalid));
    }
}
