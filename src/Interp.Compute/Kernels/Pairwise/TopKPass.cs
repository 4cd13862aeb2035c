using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Pairwise;

/// <summary>
/// The version for the CPU: each tile of products goes into one reused buffer; then strips of its columns, and after them bands of
/// its rows, offer each other as candidates side by side. Nearly every candidate fails against its row's worst kept one, eight at a
/// time; the sorted insertion is rare.
/// </summary>
internal sealed class TopKPass : IDisposable
{
    private const int Bands = 8;

    private readonly Tensor _rows;
    private readonly Tensor _buffer;
    private readonly int _tile;
    private readonly int _count;
    private readonly int _kept;
    private readonly float[] _squares;
    private readonly float[] _keys;
    private readonly int[] _numbers;
    private readonly float[] _worst;

    public TopKPass(Tensor rows, int kept, int tile)
    {
        _rows = rows;
        _count = (int)rows.shape[0];
        _kept = kept;
        _tile = Math.Min(tile, _count);
        using var scope = NewDisposeScope();
        _buffer = empty((long)_tile * _tile, ScalarType.Float32).DetachFromDisposeScope();
        _squares = rows.square().sum([1L]).data<float>().ToArray();
        _keys = new float[(long)_count * kept];
        _numbers = new int[(long)_count * kept];
        _worst = new float[_count];
        Array.Fill(_keys, float.NegativeInfinity);
        Array.Fill(_worst, float.NegativeInfinity);
    }

    /// <summary>Offers the pairs of one tile; on the diagonal only i &lt; j.</summary>
    public unsafe void Tile(int first, int second)
    {
        var (height, width) = (Math.Min(_tile, _count - first), Math.Min(_tile, _count - second));
        using (NewDisposeScope())
        {
            _buffer.narrow(0, 0, (long)height * width).view(height, width).addmm_(_rows.narrow(0, first, height), _rows.narrow(0, second, width).t(), 0, 1);
        }

        fixed (byte* bytes = _buffer.bytes)
        {
            var products = (nint)bytes;
            Parallel.For(0, Bands, band => Columns((float*)products, first, second, height, width, width * band / Bands, width * (band + 1) / Bands));
            Parallel.For(0, Bands, band => Across((float*)products, first, second, width, height * band / Bands, height * (band + 1) / Bands));
        }
    }

    /// <summary>The kept candidates' numbers, <c>[n, k]</c>.</summary>
    public int[,] Rows()
    {
        var rows = new int[_count, _kept];
        Buffer.BlockCopy(_numbers, 0, rows, 0, _numbers.Length * sizeof(int));
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    /// <summary>Columns of a strip take the tile's rows as candidates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Columns(float* products, int first, int second, int height, int width, int from, int to)
    {
        fixed (float* squares = _squares, worst = _worst)
        {
            for (var row = 0; row < height; row++)
            {
                var own = new Vector<float>(squares[first + row]);
                var column = first == second ? Math.Max(from, row + 1) : from;
                var line = products + ((long)row * width);
                for (; column <= to - Vector<float>.Count; column += Vector<float>.Count)
                {
                    var product = Vector.Load(line + column);
                    var keys = product + product - own - Vector.Load(squares + second + column);
                    if (Vector.GreaterThanAny(keys, Vector.Load(worst + second + column)))
                    {
                        for (var lane = 0; lane < Vector<float>.Count; lane++)
                        {
                            Offer(second + column + lane, keys[lane], first + row);
                        }
                    }
                }

                for (; column < to; column++)
                {
                    Offer(second + column, (2 * line[column]) - squares[first + row] - squares[second + column], first + row);
                }
            }
        }
    }

    /// <summary>Rows of a band take the tile's columns as candidates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Across(float* products, int first, int second, int width, int from, int to)
    {
        fixed (float* squares = _squares)
        {
            for (var row = from; row < to; row++)
            {
                var own = new Vector<float>(squares[first + row]);
                var column = first == second ? row + 1 : 0;
                var line = products + ((long)row * width);
                for (; column <= width - Vector<float>.Count; column += Vector<float>.Count)
                {
                    var product = Vector.Load(line + column);
                    var keys = product + product - own - Vector.Load(squares + second + column);
                    if (Vector.GreaterThanAny(keys, new Vector<float>(_worst[first + row])))
                    {
                        for (var lane = 0; lane < Vector<float>.Count; lane++)
                        {
                            Offer(first + row, keys[lane], second + column + lane);
                        }
                    }
                }

                for (; column < width; column++)
                {
                    Offer(first + row, (2 * line[column]) - squares[first + row] - squares[second + column], second + column);
                }
            }
        }
    }

    /// <summary>Keys are −Δ²: the largest are kept, of equal ones the first.</summary>
    private void Offer(int row, float key, int other)
    {
        if (!(key > _worst[row]))
        {
            return;
        }

        var start = (long)row * _kept;
        var place = _kept - 1;
        for (; place > 0 && _keys[start + place - 1] < key; place--)
        {
            _keys[start + place] = _keys[start + place - 1];
            _numbers[start + place] = _numbers[start + place - 1];
        }

        _keys[start + place] = key;
        _numbers[start + place] = other;
        _worst[row] = _keys[start + _kept - 1];
    }
}
