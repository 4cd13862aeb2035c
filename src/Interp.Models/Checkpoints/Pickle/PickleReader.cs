using System.Buffers.Binary;
using System.Text;

namespace Interp.Models.Checkpoints.Pickle;

/// <summary>
/// A stack machine for the part of pickle that PyTorch's state dictionaries are written in. Nothing is ever called by name: the few allowed
/// constructors are our own, every other global and every other opcode is refused.
/// </summary>
/// <remarks>Source: CPython's pickletools.py, protocols 2 to 5.</remarks>
internal sealed class PickleReader
{
    private const int MostObjects = 1_000_000;
    private const int MostMarks = 64;

    private readonly byte[] _bytes;
    private readonly string _path;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<long, object?> _memo = [];
    private int _position;
    private int _objects;

    private PickleReader(byte[] bytes, string path)
    {
        _bytes = bytes;
        _path = path;
    }

    /// <summary>Reads one object.</summary>
    /// <exception cref="CheckpointException">The pickle is damaged, or asks for more than a state dictionary needs.</exception>
    public static object? Read(byte[] bytes, string path)
    {
        var reader = new PickleReader(bytes, path);
        try
        {
            return reader.Run();
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or InvalidOperationException or InvalidCastException or KeyNotFoundException or DecoderFallbackException)
        {
            throw reader.Broken($"is damaged at byte {reader._position}", e);
        }
    }

    private object? Run()
    {
        while (true)
        {
            if (_position >= _bytes.Length)
            {
                throw Broken("ends without its stop mark");
            }

            var opcode = _bytes[_position++];
            if (opcode == (byte)'.')
            {
                return Pop();
            }

            if (++_objects > MostObjects)
            {
                throw Broken($"has more than {MostObjects} objects");
            }

            if (!Scalar(opcode) && !Structure(opcode))
            {
                throw Broken($"uses opcode 0x{opcode:X2} at byte {_position - 1}, which no state dictionary needs; save the tensors as safetensors");
            }
        }
    }

    private bool Scalar(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                Take(1);
                return true;
            case 0x95: // FRAME
                Take(8);
                return true;
            case (byte)'J':
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                return true;
            case (byte)'K':
                Push((long)Take(1)[0]);
                return true;
            case (byte)'M':
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                return true;
            case 0x8A: // LONG1
                Push(Long(Take(Take(1)[0])));
                return true;
            case (byte)'G':
                Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                return true;
            case (byte)'N':
                Push(null);
                return true;
            case 0x88:
                Push(true);
                return true;
            case 0x89:
                Push(false);
                return true;
            case 0x8C: // SHORT_BINUNICODE
                Push(Encoding.UTF8.GetString(Take(Take(1)[0])));
                return true;
            case (byte)'X':
                Push(Encoding.UTF8.GetString(Take(checked((int)BinaryPrimitives.ReadUInt32LittleEndian(Take(4))))));
                return true;
            case (byte)'q':
                _memo[Take(1)[0]] = Peek();
                return true;
            case (byte)'r':
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek();
                return true;
            case 0x94: // MEMOIZE
                _memo[_memo.Count] = Peek();
                return true;
            case (byte)'h':
                Push(_memo[Take(1)[0]]);
                return true;
            case (byte)'j':
                Push(_memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))]);
                return true;
            default:
                return false;
        }
    }

    private bool Structure(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'(':
                if (_marks.Count >= MostMarks)
                {
                    throw Broken($"is nested deeper than {MostMarks}");
                }

                _marks.Push(_stack.Count);
                return true;
            case (byte)')':
                Push(new PickleTuple([]));
                return true;
            case (byte)'t':
                Push(new PickleTuple(PopMarked()));
                return true;
            case 0x85 or 0x86 or 0x87: // TUPLE1 to TUPLE3
                Push(new PickleTuple(PopMany(opcode - 0x84)));
                return true;
            case (byte)']':
                Push(new List<object?>());
                return true;
            case (byte)'a':
                var item = Pop();
                ((List<object?>)Peek()!).Add(item);
                return true;
            case (byte)'e':
                var items = PopMarked();
                ((List<object?>)Peek()!).AddRange(items);
                return true;
            case (byte)'}':
                Push(new PickleDictionary());
                return true;
            case (byte)'s':
                var pair = PopMany(2);
                ((PickleDictionary)Peek()!).Add(pair);
                return true;
            case (byte)'u':
                var pairs = PopMarked();
                ((PickleDictionary)Peek()!).Add(pairs);
                return true;
            case (byte)'c':
                Push(PickleGlobals.Find(Line(), Line(), _path));
                return true;
            case 0x93: // STACK_GLOBAL
                var names = PopMany(2);
                Push(PickleGlobals.Find((string)names[0]!, (string)names[1]!, _path));
                return true;
            case (byte)'Q':
                Push(PickleGlobals.Storage((PickleTuple)Pop()!, _path));
                return true;
            case (byte)'R':
                var call = PopMany(2);
                Push(PickleGlobals.Call((PickleGlobal)call[0]!, (PickleTuple)call[1]!, _path));
                return true;
            case (byte)'b': // BUILD: the attributes of an ordered dictionary (_metadata) are of no use here
                _ = Pop();
                return Peek() is PickleDictionary ? true : throw Broken("sets the state of an object, which no state dictionary needs");
            default:
                return false;
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var piece = _bytes.AsSpan(_position, count);
        _position += count;
        return piece;
    }

    private string Line()
    {
        var end = Array.IndexOf(_bytes, (byte)'\n', _position);
        if (end < 0)
        {
            throw Broken("ends within a name");
        }

        var line = Encoding.ASCII.GetString(_bytes, _position, end - _position);
        _position = end + 1;
        return line;
    }

    private long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8)
        {
            throw Broken("holds a number of more than 64 bits");
        }

        var value = bytes.Length > 0 && (bytes[^1] & 0x80) != 0 ? -1L : 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Peek() => _stack[^1];

    private object? Pop()
    {
        var value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        object?[] values = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopMarked() => PopMany(_stack.Count - _marks.Pop());

    private CheckpointException Broken(string what, Exception? inner = null) => inner is null ? new($"{_path}: its pickle {what}") : new($"{_path}: its pickle {what}", inner);
}
