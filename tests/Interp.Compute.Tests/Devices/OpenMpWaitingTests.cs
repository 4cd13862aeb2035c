using System.Runtime.InteropServices;
using TorchSharp;

namespace Interp.Compute.Tests.Devices;

public sealed partial class OpenMpWaitingTests
{
    [Fact]
    public void Waiting_is_limited_in_the_process_that_has_loaded_libtorch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "GNU OpenMP is libtorch's on Linux only");
        using (torch.ones(1))
        {
        }

        Assert.True(IsSet("GOMP_SPINCOUNT") || IsSet("OMP_WAIT_POLICY"));
    }

    private static bool IsSet(string name) => GetEnvironmentVariable(name) != 0;

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetEnvironmentVariable(string name);
}
