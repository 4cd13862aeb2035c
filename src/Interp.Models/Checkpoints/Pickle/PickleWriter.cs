using System.Buffers.Binary;
using System.Text;

namespace Interp.Models.Checkpoints.Pickle;

/// <summary>Writes the one pickle that a state dictionary needs: an ordered dictionary of contiguous tensors, protocol 2.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>The pickle of a dictionary: name, storage type, storage key, number of elements, shape.</summary>
    public static byte[] StateDictionary(IEnumerable<(string Name, string Storage, string Key, long Count, long[] Shape)> tensors)
    {
        var writer = new PickleWriter();
        writer.Op(0x80, 2);
        writer.Global("collections", "OrderedDict");
        writer.Op((byte)')');
        writer.Op((byte)'R');
        writer.Op((byte)'(');
        foreach (var (name, storage, key, count, shape) in tensors)
        {
            writer.Text(name);
            writer.Tensor(storage, key, count, shape);
        }

        writer.Op((byte)'u');
        writer.Op((byte)'.');
        return writer._bytes.ToArray();
    }

    private void Tensor(string storage, string key, long count, long[] shape)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Op((byte)'(');
        Op((byte)'(');
        Text("storage");
        Global("torch", storage);
        Text(key);
        Text("cpu");
        Integer(count);
        Op((byte)'t');
        Op((byte)'Q');
        Integer(0);
        Tuple(shape);
        Tuple([.. shape.Select((_, axis) => shape[(axis + 1)..].Aggregate(1L, (product, size) => product * size))]);
        Op(0x89);
        Global("collections", "OrderedDict");
        Op((byte)')');
        Op((byte)'R');
        Op((byte)'t');
        Op((byte)'R');
    }

    private void Tuple(long[] values)
    {
        Op((byte)'(');
        foreach (var value in values)
        {
            Integer(value);
        }

        Op((byte)'t');
    }

    private void Integer(long value)
    {
        if (value is >= 0 and <= int.MaxValue)
        {
            Span<byte> four = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(four, (int)value);
            Op((byte)'J');
            _bytes.AddRange(four);
            return;
        }

        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(eight, value);
        Op(0x8A, 8);
        _bytes.AddRange(eight);
    }

    private void Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)utf8.Length);
        Op((byte)'X');
        _bytes.AddRange(length);
        _bytes.AddRange(utf8);
    }

    private void Global(string module, string name)
    {
        Op((byte)'c');
        _bytes.AddRange(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    private void Op(params ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);
}
