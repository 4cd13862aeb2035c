using System.Buffers.Binary;
using System.Text;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_type_comes_back_as_it_was_written()
    {
        using var scope = NewDisposeScope();
        ScalarType[] types = [ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64];
        var written = types.ToDictionary(type => $"t.{type}", type => (arange(0, 12, dtype: ScalarType.Float32).view(3, 4) % 2).to(type));
        written["scalar"] = tensor(7.5);
        written["empty"] = zeros(0, 3);
        written["strided"] = arange(6, dtype: ScalarType.Float32).view(2, 3).t();
        var path = Write(written);

        using var file = SafetensorsFile.Open(path);
        Assert.Equal(written.Keys.Order(StringComparer.Ordinal), file.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("pt", file.Metadata["format"]);
        foreach (var (name, tensor) in written)
        {
            var read = file.Read(name);
            Assert.Equal(tensor.dtype, read.dtype);
            Assert.Equal(tensor.shape, read.shape);
            Assert.True(read.eq(tensor).all().ToBoolean(), name);
        }
    }

    [Fact]
    public void Writing_what_was_read_gives_the_same_bytes()
    {
        using var scope = NewDisposeScope();
        var path = Write(new() { ["b"] = rand(5, 7), ["a"] = arange(9), ["half"] = rand(3).to(ScalarType.Float16) });
        using var file = SafetensorsFile.Open(path);
        var again = Path.Combine(_folder.Path, "again.safetensors");
        SafetensorsWriter.Write(again, file.Entries.Keys.ToDictionary(name => name, name => file.Read(name)));
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));
    }

    [Fact]
    public void Reading_converts_to_the_asked_type()
    {
        using var scope = NewDisposeScope();
        var path = Write(new() { ["x"] = arange(4, dtype: ScalarType.BFloat16) });
        using var file = SafetensorsFile.Open(path);
        Assert.Equal(ScalarType.Float64, file.Read("x", ScalarType.Float64).dtype);
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_answered_with_near_names()
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(Write(new() { ["blocks.0.attn.W_Q"] = zeros(1), ["embed.W_E"] = zeros(1) }));
        Assert.Contains("embed.W_E", Assert.Throws<CheckpointException>(() => file.Read("embd.W_E")).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> HostileHeaders => new()
    {
        { "not json", "{\"a\":" },
        { "does not begin with a brace", " {\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}" },
        { "duplicate keys", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""" },
        { "comment", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}/* x */}""" },
        { "trailing comma", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},}""" },
        { "text after the object", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x""" },
        { "missing field", """{"a":{"dtype":"F32","shape":[1]}}""" },
        { "extra field", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""" },
        { "metadata value is no text", """{"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""" },
        { "negative size", """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""" },
        { "fractional size", """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""" },
        { "product overflows", """{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""" },
        { "rank over eight", """{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""" },
        { "range backwards", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""" },
        { "range and shape disagree", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""" },
        { "gap", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}""" },
        { "overlap", """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""" },
        { "data left over", """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""" },
        { "data missing", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""" },
        { "control character in a name", """{"a\u0007":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""" },
        { "empty name", """{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""" },
        { "deep nesting", new string('[', 200) },
    };

    [Theory]
    [MemberData(nameof(HostileHeaders))]
    public void A_header_that_breaks_a_rule_is_refused(string rule, string header)
    {
        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(Raw(header, 4)));
        Assert.Contains("raw.safetensors", error.Message, StringComparison.Ordinal);
        Assert.False(error.Message.Contains('\n', StringComparison.Ordinal), rule);
    }

    [Fact]
    public void A_well_formed_header_of_the_same_size_is_accepted()
    {
        using var file = SafetensorsFile.Open(Raw("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   """, 4));
        Assert.Single(file.Entries);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(-1)]
    public void A_file_cut_anywhere_is_refused(int length)
    {
        using var scope = NewDisposeScope();
        var path = Write(new() { ["x"] = rand(64, 64) });
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(length < 0 ? bytes.Length + length : length)]);
        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path));
    }

    [Fact]
    public void A_giant_header_length_is_refused_before_it_is_allocated()
    {
        var path = Path.Combine(_folder.Path, "giant.safetensors");
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ulong.MaxValue - 4);
        File.WriteAllBytes(path, bytes);
        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 100_000_001);
        File.WriteAllBytes(path, bytes);
        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path));
    }

    [Fact]
    public void Booleans_other_than_zero_and_one_are_refused()
    {
        using var file = SafetensorsFile.Open(Raw("""{"a":{"dtype":"BOOL","shape":[4],"data_offsets":[0,4]}}""", [0, 1, 2, 0]));
        Assert.Contains("BOOL", Assert.Throws<CheckpointException>(() => file.Read("a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_type_fails_only_when_its_tensor_is_read()
    {
        using var file = SafetensorsFile.Open(Raw("""{"a":{"dtype":"F4_E2M1","shape":[2],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", 4));
        using var b = file.Read("b");
        Assert.Equal(3, b.shape[0]);
        Assert.Contains("F4_E2M1", Assert.Throws<CheckpointException>(() => file.Read("a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_says_so() =>
        Assert.Contains("no such file", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(Path.Combine(_folder.Path, "none.safetensors"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Reading_keeps_no_tensor()
    {
        string path;
        using (NewDisposeScope())
        {
            path = Write(new() { ["x"] = rand(64, 64), ["y"] = arange(5) });
        }

        LiveTensors.AssertNoGrowth(() =>
        {
            using var file = SafetensorsFile.Open(path);
            using var x = file.Read("x", ScalarType.Float64);
            using var y = file.Read("y");
        });
    }

    private string Write(Dictionary<string, Tensor> tensors)
    {
        var path = Path.Combine(_folder.Path, "tensors.safetensors");
        SafetensorsWriter.Write(path, tensors);
        return path;
    }

    private string Raw(string header, int dataBytes) => Raw(header, new byte[dataBytes]);

    private string Raw(string header, byte[] data)
    {
        var path = Path.Combine(_folder.Path, "raw.safetensors");
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        File.WriteAllBytes(path, [.. length, .. text, .. data]);
        return path;
    }
}
