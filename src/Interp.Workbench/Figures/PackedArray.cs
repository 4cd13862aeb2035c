using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Interp.Workbench.Figures;

/// <summary>
/// A JSON array of numbers, or of equally long rows of numbers, as the bytes of a JavaScript typed array: the smallest type
/// that holds every number as it is written. Nulls become NaN, which plotly.js draws as a gap, as it does null.
/// </summary>
/// <param name="Dtype">plotly.js's name of the type: i1, u1, i2, u2, i4, f4 or f8.</param>
/// <param name="Bytes">The numbers, little-endian, row by row.</param>
/// <param name="Shape">Its length, or its rows and columns.</param>
internal sealed record PackedArray(string Dtype, byte[] Bytes, IReadOnlyList<int> Shape)
{
    /// <summary>Shorter arrays are as small, and easier to read, as text.</summary>
    private const int SmallestCount = 48;

    /// <summary>Packs an array, or returns null where it is short, ragged or not of numbers.</summary>
    public static PackedArray? TryPack(JsonElement array)
    {
        var length = array.GetArrayLength();
        if (length == 0)
        {
            return null;
        }

        var columns = array[0].ValueKind == JsonValueKind.Array ? array[0].GetArrayLength() : 0;
        var count = columns == 0 ? length : (long)length * columns;
        if (count < SmallestCount || count > Array.MaxLength / sizeof(double))
        {
            return null;
        }

        var values = new double[count];
        var fit = new Fit();
        return Fill(array, columns, values, ref fit)
            ? new PackedArray(fit.Dtype, Encode(values, fit.Dtype), columns == 0 ? [length] : [length, columns])
            : null;
    }

    private static bool Fill(JsonElement array, int columns, Span<double> values, ref Fit fit)
    {
        var next = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (columns == 0)
            {
                if (!Add(item, values, next++, ref fit))
                {
                    return false;
                }

                continue;
            }

            if (item.ValueKind != JsonValueKind.Array || item.GetArrayLength() != columns)
            {
                return false;
            }

            foreach (var number in item.EnumerateArray())
            {
                if (!Add(number, values, next++, ref fit))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool Add(JsonElement number, Span<double> values, int place, ref Fit fit)
    {
        if (number.ValueKind is not (JsonValueKind.Number or JsonValueKind.Null))
        {
            return false;
        }

        values[place] = number.ValueKind == JsonValueKind.Null ? double.NaN : number.GetDouble();
        fit.Add(values[place], number);
        return true;
    }

    private static byte[] Encode(double[] values, string dtype)
    {
        var width = dtype[1] - '0';
        var bytes = new byte[values.Length * width];
        for (var i = 0; i < values.Length; i++)
        {
            var target = bytes.AsSpan(i * width);
            switch (dtype)
            {
                case "i1": target[0] = unchecked((byte)(sbyte)values[i]); break;
                case "u1": target[0] = (byte)values[i]; break;
                case "i2": BinaryPrimitives.WriteInt16LittleEndian(target, (short)values[i]); break;
                case "u2": BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)values[i]); break;
                case "i4": BinaryPrimitives.WriteInt32LittleEndian(target, (int)values[i]); break;
                case "f4": BinaryPrimitives.WriteSingleLittleEndian(target, (float)values[i]); break;
                default: BinaryPrimitives.WriteDoubleLittleEndian(target, values[i]); break;
            }
        }

        return bytes;
    }

    /// <summary>The smallest type for the numbers seen so far.</summary>
    private struct Fit
    {
        private double _low;
        private double _high;
        private bool _isFractional;
        private bool _needsDouble;

        public readonly string Dtype =>
            _needsDouble ? "f8"
            : _isFractional ? "f4"
            : _low >= 0 && _high <= byte.MaxValue ? "u1"
            : _low >= sbyte.MinValue && _high <= sbyte.MaxValue ? "i1"
            : _low >= 0 && _high <= ushort.MaxValue ? "u2"
            : _low >= short.MinValue && _high <= short.MaxValue ? "i2"
            : "i4";

        public void Add(double value, JsonElement written)
        {
            if (double.IsNaN(value))
            {
                _isFractional = true;
                return;
            }

            _low = Math.Min(_low, value);
            _high = Math.Max(_high, value);
            _isFractional |= value != Math.Floor(value) || value < int.MinValue || value > int.MaxValue || (value == 0 && double.IsNegative(value));

            // A number that was a float is written with a float's digits, which are not the digits of the double next to it.
            _needsDouble |= (float)value != value
                && !((float)value).ToString("R", CultureInfo.InvariantCulture).Equals(written.GetRawText(), StringComparison.Ordinal);
        }
    }
}
