using System.Globalization;
using System.Text.RegularExpressions;

namespace Interp.Compute.Cuda;

/// <summary>One parameter of a kernel as its PTX declares it.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Alignment">What its place is a multiple of.</param>
internal readonly record struct PtxParameter(int Bytes, int Alignment);

/// <summary>
/// The entry point of a PTX text. ILGPU passes to an implicitly grouped kernel first the number of threads (32 bits), then every argument
/// by value: numbers as they are, structures in their natural layout, a view as its pointer and its length (64 bits each).
/// </summary>
internal sealed partial record PtxEntry(string Name, IReadOnlyList<PtxParameter> Parameters)
{
    /// <summary>Reads the only entry point of a text.</summary>
    /// <exception cref="InterpException">There is none, or a parameter is of a kind unknown here.</exception>
    public static PtxEntry Parse(string ptx)
    {
        if (Entry().Match(ptx) is not { Success: true } entry)
        {
            throw new InterpException("the compiled kernel has no entry point: delete the folder of compiled kernels and try again");
        }

        var parameters = entry.Groups[2].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Read);
        return new PtxEntry(entry.Groups[1].Value, [.. parameters]);
    }

    /// <summary>Where each parameter lies in a buffer that holds all of them, and the buffer's size.</summary>
    public (int[] Offsets, int Bytes) Layout()
    {
        var (offsets, end) = (new int[Parameters.Count], 0);
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = (end + Parameters[i].Alignment - 1) / Parameters[i].Alignment * Parameters[i].Alignment;
            end = offsets[i] + Parameters[i].Bytes;
        }

        return (offsets, end);
    }

    private static PtxParameter Read(string text)
    {
        if (Parameter().Match(text) is not { Success: true } match)
        {
            throw new InterpException($"the compiled kernel has a parameter of an unknown kind: {text}");
        }

        var element = Number(match.Groups[2].Value) / 8;
        var alignment = match.Groups[1].Success ? Number(match.Groups[1].Value) : element;
        return new PtxParameter(match.Groups[3].Success ? element * Number(match.Groups[3].Value) : element, alignment);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\.entry\s+(\w+)\s*\(([^)]*)\)")]
    private static partial Regex Entry();

    [GeneratedRegex(@"^\.param\s+(?:\.align\s+(\d+)\s+)?\.[bfsu](\d+)\s+\w+(?:\[(\d+)\])?$")]
    private static partial Regex Parameter();
}
