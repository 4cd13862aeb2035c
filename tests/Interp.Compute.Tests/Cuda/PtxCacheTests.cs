using Interp.Compute.Cuda;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.RowNorms;
using Interp.Compute.Kernels.SigmoidGates;

namespace Interp.Compute.Tests.Cuda;

public sealed class PtxCacheTests : IDisposable
{
    private static readonly System.Reflection.MethodInfo s_kernel = typeof(SigmoidGateKernels).GetMethod(nameof(SigmoidGateKernels.Apply))!.MakeGenericMethod(typeof(Float32));

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_kernel_is_compiled_once_and_read_from_the_disk_after()
    {
        var ptx = PtxCache.Get(s_kernel, 9, 0, _folder);
        var file = Assert.Single(Directory.EnumerateFiles(_folder));
        Assert.Equal(ptx, File.ReadAllText(file));
        File.WriteAllText(file, ptx + "// from the disk");
        Assert.EndsWith("// from the disk", PtxCache.Get(s_kernel, 9, 0, _folder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_compiled_anew()
    {
        PtxCache.Get(s_kernel, 8, 0, _folder);
        var file = Assert.Single(Directory.EnumerateFiles(_folder));
        File.WriteAllText(file, "");
        var ptx = PtxCache.Get(s_kernel, 8, 0, _folder);
        Assert.Contains(".entry", ptx, StringComparison.Ordinal);
        Assert.Equal(ptx, File.ReadAllText(file));
    }

    [Fact]
    public void Kernels_and_architectures_have_files_of_their_own()
    {
        var other = typeof(RowNormKernels).GetMethod(nameof(RowNormKernels.Apply))!.MakeGenericMethod(typeof(Float32));
        Assert.Equal(4, new[] { PtxCache.Key(s_kernel, 8, 0), PtxCache.Key(s_kernel, 9, 0), PtxCache.Key(other, 8, 0), PtxCache.Key(other, 9, 0) }.Distinct().Count());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_only_costs_the_compilation() =>
        Assert.Contains(".entry", PtxCache.Get(s_kernel, 8, 0, "/proc/none"), StringComparison.Ordinal);
}
