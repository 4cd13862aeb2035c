using Interp.Analysis.Activations;
using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Activations;

public sealed class ActivationStoreTests : IDisposable
{
    private const int Rows = 103;
    private const int Width = 6;

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1L << 20)]
    [InlineData(24L * 10)]
    [InlineData(1L)]
    public void Rows_read_back_as_written_whatever_the_shard_size(long shardBytes)
    {
        using var rows = Write(shardBytes);
        using var store = ActivationStore.Open(_folder);
        using var scope = NewDisposeScope();
        Assert.Equal((Rows, Width, "hook.a"), (store.Rows, store.Width, store.Hook));
        Assert.True(store.ReadAll().equal(rows).all().item<bool>());
        Assert.True(store.Read(7, 55).equal(rows.narrow(0, 7, 55)).all().item<bool>());
        Assert.Equal([.. Enumerable.Range(7, 55).Select(i => i * 3)], store.TokenIds(7, 55));
        Assert.Equal([.. Enumerable.Range(95, 8).Select(i => i / 5)], store.Documents(95, 8));
        Assert.Equal([.. Enumerable.Range(0, Rows).Select(i => i % 5)], store.Positions(0, Rows));
        Assert.True(store.Gather([100, 3, 3, 0]).equal(rows.index_select(0, tensor(new[] { 100L, 3, 3, 0 }))).all().item<bool>());
        Assert.Equal([[1, 2, 3], [4]], store.Prompts);
    }

    [Fact]
    public void Batches_hold_every_row_once_in_an_order_that_the_seed_fixes()
    {
        using var rows = Write(24 * 10);
        using var store = ActivationStore.Open(_folder);
        using var scope = NewDisposeScope();
        var order = FirstColumn(store, 16, seed: 5);
        Assert.Equal(order, FirstColumn(store, 16, seed: 5));
        Assert.Equal(order, FirstColumn(store, 7, seed: 5));
        Assert.NotEqual(order, FirstColumn(store, 16, seed: 6));
        Assert.NotEqual(order.Order(), order);
        Assert.Equal([.. rows.select(1, 0).data<float>().Order()], order.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(1000)]
    [InlineData(4097)]
    public void The_permutation_visits_every_place_once(int count)
    {
        var order = new RowPermutation(count, 3, "test");
        Assert.Equal(Enumerable.Range(0, count), Enumerable.Range(0, count).Select(i => (int)order[i]).Order());
    }

    [Fact]
    public void The_permutation_leaves_no_trace_of_the_order()
    {
        const int Count = 4000;
        var order = new RowPermutation(Count, 3, "test");
        var correlation = Enumerable.Range(0, Count).Sum(i => (i - ((Count - 1) / 2.0)) * (order[i] - ((Count - 1) / 2.0))) / (Math.Pow(Count, 3) / 12);
        Assert.InRange(correlation, -5 / Math.Sqrt(Count), 5 / Math.Sqrt(Count));
    }

    [Theory]
    [InlineData(ScalarType.Float16, 1e-3)]
    [InlineData(ScalarType.BFloat16, 1e-2)]
    public void Half_precision_is_widened_on_reading(ScalarType dtype, double tolerance)
    {
        using var rows = Write(24 * 10, dtype);
        using var store = ActivationStore.Open(_folder);
        using var scope = NewDisposeScope();
        Assert.InRange((store.ReadAll() - rows).abs().max().item<float>(), 1e-9, tolerance * rows.abs().max().item<float>());
        Assert.True(store.ReadAll().equal(rows.to(dtype).to(ScalarType.Float32)).all().item<bool>());
    }

    [Fact]
    public void Several_hooks_share_their_rows_and_are_opened_by_name()
    {
        using var scope = NewDisposeScope();
        Tensor a = RandomTensor.Normal(4, 3), b = RandomTensor.Normal(4, 10).reshape(4, 2, 5);
        using (var writer = ActivationWriter.Create(_folder, [new("a", 3), new("b", 10)], new ActivationOrigin()))
        {
            writer.Add([a, b], [1, 2, 3, 4], [0, 0, 0, 0], [0, 1, 2, 3]);
            writer.Complete();
        }

        using var store = ActivationStore.Open(_folder, "b");
        Assert.True(store.ReadAll().equal(b.reshape(4, 10)).all().item<bool>());
        Assert.Contains("name one of a, b", Assert.Throws<InterpException>(() => ActivationStore.Open(_folder)).Message, StringComparison.Ordinal);
        Assert.Contains("no hook c", Assert.Throws<InterpException>(() => ActivationStore.Open(_folder, "c")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_capture_that_was_not_completed_leaves_nothing()
    {
        using var rows = RandomTensor.Normal(9, Width);
        using (var writer = ActivationWriter.Create(_folder, [new("hook.a", Width)], new ActivationOrigin(), shardBytes: 48))
        {
            writer.Add([rows], new int[9], new int[9], new int[9]);
            Assert.NotEmpty(Directory.EnumerateFiles(_folder));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        Assert.Contains("no finished folder", Assert.Throws<InterpException>(() => ActivationStore.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_missing_and_altered_shards_are_named()
    {
        Write(24 * 10).Dispose();
        var shard = Path.Combine(_folder, "activations-00002.safetensors");
        var bytes = File.ReadAllBytes(shard);
        File.WriteAllBytes(shard, bytes[..^1]);
        Assert.Contains("activations-00002.safetensors: this shard is", Assert.Throws<InterpException>(() => ActivationStore.Open(_folder)).Message, StringComparison.Ordinal);
        bytes[^1] ^= 1;
        File.WriteAllBytes(shard, bytes);
        using (var store = ActivationStore.Open(_folder))
        {
            Assert.Contains("00002.safetensors: this shard is damaged", Assert.Throws<InterpException>(() => store.Verify()).Message, StringComparison.Ordinal);
        }

        File.Delete(shard);
        Assert.Contains("missing", Assert.Throws<InterpException>(() => ActivationStore.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"version":2,"hooks":[{"name":"a","width":3}]}""")]
    [InlineData("""{"version":1,"hooks":[]}""")]
    [InlineData("""{"version":1,"hooks":[{"name":"a","width":3}],"rows":5,"shards":[]}""")]
    [InlineData("""{"version":1,"hooks":[{"name":"a","width":3}],"rows":5,"shards":[{"file":"../x","rows":5,"bytes":9,"sha256":""}]}""")]
    public void A_damaged_manifest_is_refused(string text)
    {
        File.WriteAllText(Path.Combine(_folder, ActivationManifest.FileName), text);
        Assert.Contains("damaged", Assert.Throws<InterpException>(() => ActivationStore.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_stays_alive_after_writing_and_reading()
    {
        Write(24 * 10).Dispose();
        using var store = ActivationStore.Open(_folder);
        LiveTensors.AssertNoGrowth(() =>
        {
            using var all = store.ReadAll();
            foreach (var batch in store.Batches(16, 1))
            {
                batch.Dispose();
            }
        });
        LiveTensors.AssertNoGrowth(() =>
        {
            using var rows = RandomTensor.Normal(40, 3);
            using var writer = ActivationWriter.Create(Path.Combine(_folder, "other"), [new("a", 3)], new ActivationOrigin(), shardBytes: 120);
            writer.Add([rows], new int[40], new int[40], new int[40]);
        });
    }

    private static float[] FirstColumn(ActivationStore store, int batch, long seed) =>
        [.. store.Batches(batch, seed).SelectMany(rows => rows.select(1, 0).contiguous().data<float>().ToArray())];

    private Tensor Write(long shardBytes, ScalarType dtype = ScalarType.Float32)
    {
        var rows = RandomTensor.Normal(Rows, Width);
        using var writer = ActivationWriter.Create(_folder, [new("hook.a", Width)], new ActivationOrigin(), dtype, shardBytes);
        writer.AddDocument([1, 2, 3]);
        writer.AddDocument([4]);
        for (var first = 0; first < Rows; first += 17)
        {
            var count = Math.Min(17, Rows - first);
            using var part = rows.narrow(0, first, count);
            int[] index = [.. Enumerable.Range(first, count)];
            writer.Add([part], [.. index.Select(i => i * 3)], [.. index.Select(i => i / 5)], [.. index.Select(i => i % 5)]);
        }

        Assert.Equal(Rows, writer.Complete().Rows);
        return rows;
    }
}
