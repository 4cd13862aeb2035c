using System.Buffers.Binary;
using System.Text;

namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads the fields of one protobuf message.</summary>
internal ref struct ProtobufReader
{
    private readonly string _source;
    private ReadOnlySpan<byte> _rest;

    public ProtobufReader(ReadOnlySpan<byte> message, string source)
    {
        _rest = message;
        _source = source;
    }

    /// <summary>The number of the field just read.</summary>
    public int Field { get; private set; }

    /// <summary>Its value where it is a number; floats as their bits.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its value where it is bytes, a text or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Its value as a float of 32 bits.</summary>
    public readonly float Single => BitConverter.UInt32BitsToSingle((uint)Number);

    /// <summary>Its value as a truth value.</summary>
    public readonly bool Flag => Number != 0;

    /// <summary>Its value as text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Reads the next field; false at the end.</summary>
    public bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        Bytes = [];
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                Bytes = Take(Varint());
                break;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw Damaged();
        }

        return true;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged();
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw Damaged();
        }

        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private readonly TokenizerException Damaged() => new($"{_source}: not a SentencePiece model, or cut short: get the file again");
}
