using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shards_read_as_one()
    {
        WriteShards("""{"metadata":{"total_size":1},"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}}""");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        using var b = checkpoint.Read("b");
        Assert.Equal(["a", "b"], checkpoint.Names.Order(StringComparer.Ordinal));
        Assert.Equal([3], b.shape);
        Assert.Equal(2, checkpoint.Files.Count);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"model-1.safetensors","b":"model-3.safetensors"}}""", "model-3.safetensors")]
    [InlineData("""{"weight_map":{"a":"model-1.safetensors","b":"model-1.safetensors"}}""", "does not hold it")]
    [InlineData("""{"weight_map":{"a":"model-1.safetensors"},"x":"model-2.safetensors"}""", "")]
    [InlineData("""{"weight_map":{"a":"../model-1.safetensors"}}""", "outside the folder")]
    [InlineData("""{"weight_map":{"a":"sub/model-1.safetensors"}}""", "outside the folder")]
    [InlineData("""{"weight_map":7}""", "weight_map")]
    [InlineData("""{}""", "weight_map")]
    [InlineData("""{"weight_map":{"a":3}}""", "weight_map")]
    [InlineData("no json", "weight_map")]
    public void An_index_that_does_not_fit_its_shards_is_refused(string index, string says)
    {
        WriteShards(index);
        if (says.Length == 0)
        {
            // A shard that the index does not name at all is not opened, so nothing is wrong with the rest.
            using var checkpoint = Checkpoint.Open(_folder.Path);
            Assert.Equal(["a"], checkpoint.Names);
            return;
        }

        Assert.Contains(says, Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_with_a_tensor_that_the_index_puts_elsewhere_is_refused()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(Path.Combine(_folder.Path, "model-1.safetensors"), new Dictionary<string, Tensor> { ["a"] = zeros(2), ["stray"] = zeros(2) });
        File.WriteAllText(Path.Combine(_folder.Path, Index), """{"weight_map":{"a":"model-1.safetensors"}}""");
        Assert.Contains("stray", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_safetensors_the_message_lists_what_is_there()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "pytorch_model.bin"), "x");
        var error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path));
        Assert.Contains("pytorch_model.bin", error.Message, StringComparison.Ordinal);
        Assert.Contains("convert them to safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path + "-none")).Message, StringComparison.Ordinal);
    }

    private void WriteShards(string index)
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(Path.Combine(_folder.Path, "model-1.safetensors"), new Dictionary<string, Tensor> { ["a"] = zeros(2) });
        SafetensorsWriter.Write(Path.Combine(_folder.Path, "model-2.safetensors"), new Dictionary<string, Tensor> { ["b"] = zeros(3) });
        File.WriteAllText(Path.Combine(_folder.Path, Index), index);
    }
}
