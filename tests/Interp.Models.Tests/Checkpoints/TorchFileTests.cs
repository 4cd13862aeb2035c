using System.IO.Compression;
using System.Text;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Checkpoints;

public sealed class TorchFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("interp-test-").FullName, "x.pt");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void What_was_written_reads_back_and_the_same_tensors_give_the_same_bytes()
    {
        using var scope = NewDisposeScope();
        var matrix = arange(12, dtype: ScalarType.Float32).reshape(3, 4);
        TorchFileWriter.Write(_path, [("a.weight", matrix.t()), ("k", tensor(7)), ("sizes", tensor(new long[] { 3, 1L << 40 }))]);
        var bytes = File.ReadAllBytes(_path);
        using (var file = TorchFile.Open(_path))
        {
            Assert.Equal(["a.weight", "k", "sizes"], file.Values.Keys);
            Assert.True(matrix.t().equal(file.Read("a.weight")).all().item<bool>());
            Assert.Equal(7, file.Read("k").item<int>());
            Assert.Equal(1L << 40, file.Read("sizes")[1].item<long>());
        }

        TorchFileWriter.Write(_path, [("a.weight", matrix.t()), ("k", tensor(7)), ("sizes", tensor(new long[] { 3, 1L << 40 }))]);
        Assert.Equal(bytes, File.ReadAllBytes(_path));
    }

    [Theory]
    [InlineData("cos\nsystem\n.", "os.system")]
    [InlineData("cbuiltins\neval\n.", "builtins.eval")]
    [InlineData("ctorch._utils\n_rebuild_anything\n.", "_rebuild_anything")]
    [InlineData("i__main__\nX\n.", "opcode 0x69")]
    [InlineData("K\u0001.", "no dictionary")]
    [InlineData("}X\u0001\0\0\0aK\u0001s", "stop mark")]
    [InlineData("q", "damaged")]
    [InlineData("ctorch\nSize\n(tR.", "in a way that PyTorch does not write")]
    public void A_pickle_that_asks_for_more_than_tensors_is_refused_and_nothing_of_it_runs(string pickle, string expected)
    {
        Archive(pickle);
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => TorchFile.Open(_path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("K\u0000K\u0005\u0085K\u0001\u0085", "reaches beyond")]
    [InlineData("K\u0002K\u0003\u0085K\u0001\u0085", "reaches beyond")]
    [InlineData("K\u0000K\u0002\u0085K\u0009\u0085", "reaches beyond")]
    public void A_tensor_that_reaches_beyond_its_storage_is_refused(string view, string expected)
    {
        Archive("}X\u0001\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0004tQ" + view + "\u0089}tRs.", ("data/0", new byte[16]));
        using var file = TorchFile.Open(_path);
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => file.Read("w")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_archive_say_how_to_mend_it()
    {
        File.WriteAllBytes(_path, [0x80, 2, 0x8A, 10]);
        Assert.Contains("save it again", Assert.Throws<CheckpointException>(() => TorchFile.Open(_path)).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<CheckpointException>(() => TorchFile.Open(_path + "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_numpy_archive_reads_back_in_either_order_and_width()
    {
        using var scope = NewDisposeScope();
        var npz = Path.ChangeExtension(_path, ".npz");
        var matrix = arange(6, dtype: ScalarType.Float32).reshape(2, 3);
        NpzWriter.Write(npz, [("w", matrix), ("b", matrix[0])]);
        using (var file = NpzFile.Open(npz))
        {
            Assert.True(matrix.equal(file.Read("w")).all().item<bool>());
            Assert.Equal([3L], file.Read("b").shape);
        }

        Npy(npz, "{'descr': '<f2', 'fortran_order': True, 'shape': (2, 3), }\n", [.. new[] { 0f, 3, 1, 4, 2, 5 }.SelectMany(value => BitConverter.GetBytes((Half)value))]);
        using (var file = NpzFile.Open(npz))
        {
            Assert.True(matrix.equal(file.Read("w", ScalarType.Float32)).all().item<bool>());
        }
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }\n", "type |O")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9,), }\n", "should take 36 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }\n", "no sensible shape")]
    public void A_numpy_array_that_lies_is_refused(string header, string expected)
    {
        Npy(_path, header, new byte[8]);
        using var file = NpzFile.Open(_path);
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => file.Read("w")).Message, StringComparison.Ordinal);
    }

    private static void Npy(string path, string header, byte[] data)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        using var entry = archive.CreateEntry("w.npy", CompressionLevel.Fastest).Open();
        entry.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. data]);
    }

    private void Archive(string pickle, params (string Name, byte[] Bytes)[] more)
    {
        using var archive = new ZipArchive(File.Create(_path), ZipArchiveMode.Create);
        foreach (var (name, bytes) in more.Prepend(("data.pkl", Encoding.Latin1.GetBytes(pickle))))
        {
            using var entry = archive.CreateEntry($"x/{name}").Open();
            entry.Write(bytes);
        }
    }
}
