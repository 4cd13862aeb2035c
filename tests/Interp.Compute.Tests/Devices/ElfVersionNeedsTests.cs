using Interp.Compute.Devices;

namespace Interp.Compute.Tests.Devices;

public sealed class ElfVersionNeedsTests
{
    [Fact]
    public void Marking_the_missing_version_changes_one_flag_and_nothing_else()
    {
        var original = NativeLibraryFile.Read();
        var mended = original.ToArray();

        Assert.True(ElfVersionNeeds.Requires(original, TorchSharpLibrary.MissingVersion));
        Assert.True(ElfVersionNeeds.MarkWeak(mended, TorchSharpLibrary.MissingVersion));

        Assert.False(ElfVersionNeeds.Requires(mended, TorchSharpLibrary.MissingVersion));
        var changed = Assert.Single(Enumerable.Range(0, original.Length), i => original[i] != mended[i]);
        Assert.Equal(original[changed] | 2, mended[changed]);
    }

    [Fact]
    public void Marking_twice_changes_nothing_the_second_time()
    {
        var image = NativeLibraryFile.Read();
        Assert.True(ElfVersionNeeds.MarkWeak(image, TorchSharpLibrary.MissingVersion));
        Assert.False(ElfVersionNeeds.MarkWeak(image, TorchSharpLibrary.MissingVersion));
    }

    [Fact]
    public void A_version_that_relocations_use_is_refused()
    {
        var image = NativeLibraryFile.Read();
        var before = image.ToArray();
        Assert.Throws<InvalidOperationException>(() => ElfVersionNeeds.MarkWeak(image, "GLIBCXX_3.4.21"));
        Assert.Equal(before, image);
    }

    [Fact]
    public void A_version_that_is_not_needed_is_left_alone()
    {
        Assert.False(ElfVersionNeeds.MarkWeak(NativeLibraryFile.Read(), "GLIBCXX_9.9.9"));
    }

    [Fact]
    public void Other_files_are_refused()
    {
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Requires(new byte[200], "GLIBCXX_3.4"));
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Requires([0x7f, (byte)'E'], "GLIBCXX_3.4"));
    }
}
