using Interp.Compute.Devices;

namespace Interp.Compute.Tests.Devices;

public sealed class TorchSharpLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-native-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Mending_breaks_a_hard_link_instead_of_writing_through_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the edit applies to Linux libraries");
        var cached = Path.Combine(_folder, "cached.so");
        var output = Path.Combine(_folder, "libLibTorchSharp.so");
        File.Copy(NativeLibraryFile.Original, cached);
        Assert.Equal(0, NativeLibraryFile.HardLink(cached, output));
        var messages = new List<string>();

        Assert.Equal(output, TorchSharpLibrary.Mend(output, messages.Add));

        Assert.True(ElfVersionNeeds.Requires(File.ReadAllBytes(cached), TorchSharpLibrary.MissingVersion));
        Assert.False(ElfVersionNeeds.Requires(File.ReadAllBytes(output), TorchSharpLibrary.MissingVersion));
        Assert.Contains(TorchSharpLibrary.MissingVersion, Assert.Single(messages), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void Mending_keeps_the_time_stamp_so_that_a_build_does_not_copy_the_file_again()
    {
        var output = Path.Combine(_folder, "libLibTorchSharp.so");
        File.Copy(NativeLibraryFile.Original, output);
        var before = File.GetLastWriteTimeUtc(output);
        TorchSharpLibrary.Mend(output, _ => { });
        Assert.Equal(before, File.GetLastWriteTimeUtc(output));
    }

    [Fact]
    public void A_library_that_needs_nothing_is_left_alone()
    {
        var output = Path.Combine(_folder, "libLibTorchSharp.so");
        var image = NativeLibraryFile.Read();
        ElfVersionNeeds.MarkWeak(image, TorchSharpLibrary.MissingVersion);
        File.WriteAllBytes(output, image);
        Assert.Equal(output, TorchSharpLibrary.Mend(output, _ => Assert.Fail("nothing to say")));
    }

    [Fact]
    public void The_package_cache_is_never_written()
    {
        var before = File.ReadAllBytes(NativeLibraryFile.Original);
        var mended = TorchSharpLibrary.Mend(NativeLibraryFile.Original, _ => { });
        Assert.NotEqual(NativeLibraryFile.Original, mended);
        Assert.False(ElfVersionNeeds.Requires(File.ReadAllBytes(mended), TorchSharpLibrary.MissingVersion));
        Assert.Equal(before, File.ReadAllBytes(NativeLibraryFile.Original));
    }

    [Fact]
    public void The_host_runtime_is_asked_for_whole_version_names()
    {
        Assert.SkipUnless(HostCxxRuntime.Locate() is not null, "no libstdc++ on this system");
        Assert.True(HostCxxRuntime.Defines("GLIBCXX_3.4"));
        Assert.False(HostCxxRuntime.Defines("GLIBCXX_9.9.9"));
        Assert.False(HostCxxRuntime.Defines("GLIBCXX_3."));
    }
}
