using Interp.Compute.Devices;
using TorchSharp;

namespace Interp.Compute.Tests.Devices;

public sealed class TorchLibrariesTests : IDisposable
{
    private static readonly string s_library =
        OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-libtorch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TorchSharp_loads_and_computes()
    {
        using var scope = torch.NewDisposeScope();
        var product = torch.ones(2, 3).matmul(torch.ones(3, 2));
        Assert.Equal(3f, product[0, 0].item<float>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("lib")]
    [InlineData("torch/lib")]
    public void The_setting_accepts_a_libtorch_folder_its_lib_folder_and_a_package_folder(string inside)
    {
        var holder = Directory.CreateDirectory(Path.Combine(_folder, inside)).FullName;
        File.WriteAllText(Path.Combine(holder, s_library), "");
        Assert.Equal(Path.GetFullPath(holder), Path.GetFullPath(TorchLibraries.FindFolder(_folder, "/nowhere")!));
    }

    [Fact]
    public void A_setting_without_libtorch_is_refused_by_name()
    {
        var error = Assert.Throws<InterpException>(() => TorchLibraries.FindFolder(_folder, AppContext.BaseDirectory));
        Assert.Contains(TorchLibraries.Setting, error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_setting_the_folder_beside_the_program_is_taken()
    {
        Assert.Null(TorchLibraries.FindFolder(null, _folder));
        var beside = Directory.CreateDirectory(Path.Combine(_folder, "libtorch")).FullName;
        File.WriteAllText(Path.Combine(beside, s_library), "");
        Assert.Equal(beside, TorchLibraries.FindFolder("  ", _folder));
    }

    [Theory]
    [InlineData("tpu")]
    [InlineData("cuda:x")]
    public void An_unknown_device_name_is_refused(string name)
    {
        Assert.Contains("use auto, cpu, cuda or cuda:N", Assert.Throws<InterpException>(() => ComputeDevice.Parse(name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_CPU_is_always_there() => Assert.Equal(DeviceType.CPU, ComputeDevice.Parse("cpu").type);
}
