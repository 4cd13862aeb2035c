using Interp.Compute.Devices;

namespace Interp.Compute.Tests.Devices;

public sealed class TorchVersionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("2.10.0+cu128", "'12.8'", true)]
    [InlineData("2.11.0+cu130", "'13.0'", false)]
    [InlineData("2.1.0", "None", false)]
    [InlineData("2.10.1+cpu", "None", true)]
    public void A_PyTorch_package_tells_its_version_and_CUDA(string version, string cuda, bool fits)
    {
        var library = Directory.CreateDirectory(Path.Combine(_folder, "torch", "lib")).FullName;
        File.WriteAllText(
            Path.Combine(_folder, "torch", "version.py"),
            $"from typing import Optional\n\n__all__ = ['__version__', 'debug', 'cuda']\n__version__ = '{version}'\ndebug = False\ncuda: Optional[str] = {cuda}\ngit_version = 'abc'\n");
        var found = TorchVersion.Read(library);
        Assert.Equal((version, cuda == "None" ? null : cuda.Trim('\''), fits), (found.Version, found.Cuda, found.Fits));
        if (fits)
        {
            TorchLibraries.RequireVersion(library, takesAny: false);
        }
        else
        {
            var message = Assert.Throws<InterpException>(() => TorchLibraries.RequireVersion(library, takesAny: false)).Message;
            Assert.Contains($"holds libtorch {version}, but this program needs 2.10", message, StringComparison.Ordinal);
            TorchLibraries.RequireVersion(library, takesAny: true);
        }
    }

    [Fact]
    public void A_libtorch_distribution_tells_its_version()
    {
        var library = Directory.CreateDirectory(Path.Combine(_folder, "lib")).FullName;
        File.WriteAllText(Path.Combine(_folder, "build-version"), "2.10.0+cu128\n");
        Assert.Equal(new TorchVersion("2.10.0+cu128", "12.8"), TorchVersion.Read(library));
        File.Delete(Path.Combine(_folder, "build-version"));
        Assert.Equal(new TorchVersion(null, null), TorchVersion.Read(library));
        Assert.True(TorchVersion.Read(library).Fits);
    }

    [Fact]
    public void The_report_says_what_computes_here_and_why_no_GPU_does()
    {
        var report = DeviceReport.Create();
        Assert.Null(report.TorchProblem);
        Assert.Equal(report.WhyNoGpu is null, report.Device != "cpu");
        Assert.True(report.Cores > 0 && report.MemoryBytes > 0);
        if (report.Gpus.Count == 0)
        {
            Assert.Contains("NVIDIA driver", report.WhyNoGpu, StringComparison.Ordinal);
        }
    }
}
