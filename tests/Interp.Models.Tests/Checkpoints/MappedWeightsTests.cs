using System.Buffers.Binary;
using System.Text;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Checkpoints;

/// <summary>Weights that are the file's own pages.</summary>
public sealed class MappedWeightsTests
{
    [Fact]
    public void Mapped_and_copied_tensors_are_equal_and_outlive_the_file_object()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var (path, values) = (Path.Combine(folder.Path, "a.safetensors"), arange(3000, dtype: ScalarType.Float32).view(30, 100));
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["x"] = values, ["y"] = values.to(ScalarType.BFloat16), ["none"] = zeros(0, 3) });
        Tensor mapped, half;
        using (var file = SafetensorsFile.Open(path))
        {
            (mapped, half) = (file.TryMap("x")!, file.TryMap("y")!);
            Assert.Null(file.TryMap("none"));
        }

        Assert.True(mapped.equal(values).all().ToBoolean());
        Assert.True(half.equal(values.to(ScalarType.BFloat16)).all().ToBoolean());
        var before = File.ReadAllBytes(path);
        mapped.fill_(7);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void Data_that_are_not_aligned_are_copied()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = Path.Combine(folder.Path, "a.safetensors");
        var header = Encoding.UTF8.GetBytes("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} """);
        header = header.Length % 4 == 0 ? [.. header, (byte)' '] : header;
        var bytes = new byte[8 + header.Length + 8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(8 + header.Length), 1.5f);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(12 + header.Length), -2f);
        File.WriteAllBytes(path, bytes);
        using var file = SafetensorsFile.Open(path);
        Assert.Null(file.TryMap("x"));
        Assert.Equal([1.5f, -2f], file.Read("x").data<float>().ToArray());
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void A_model_runs_the_same_on_mapped_and_copied_weights(string family)
    {
        using var scope = NewDisposeScope();
        var ids = TinyModels.Read(TinyModels.Folder(family), "reference.safetensors", "input_ids");
        using var mapped = LanguageModel.Load(TinyModels.Folder(family));
        using var copied = LanguageModel.Load(TinyModels.Folder(family), new ModelLoadOptions { Memory = WeightMemory.Copied });
        using var first = mapped.Run(ids);
        using var second = copied.Run(ids);
        Assert.InRange(TinyModels.Difference(first.Logits!, second.Logits!), 0, 1e-6);
    }

    [Fact]
    public void A_file_that_is_cut_while_it_is_read_is_an_error()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = Path.Combine(folder.Path, "a.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["x"] = zeros(5_000_000) });
        using var file = SafetensorsFile.Open(path);
        using (var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            RandomAccess.SetLength(handle, 10_000);
        }

        Assert.Contains("was cut", Assert.Throws<CheckpointException>(() => file.Read("x")).Message, StringComparison.Ordinal);
    }
}
