using System.Globalization;

namespace Interp.Workbench.Figures;

/// <summary>How numbers are shown to people: four significant digits, scientific when very small or very large, thin spaces between thousands.</summary>
public static class NumberText
{
    /// <summary>What stands for a number that there is not.</summary>
    public const string Missing = "—";

    private const double Smallest = 1e-3;
    private const double Largest = 1e6;
    private const char HardSpace = '\u00A0';
    private const char ThinSpace = '\u2009';

    /// <summary>A number in words' company; a dash for none.</summary>
    public static string Of(double? number)
    {
        if (number is not { } value || !double.IsFinite(value))
        {
            return Missing;
        }

        if (value == 0)
        {
            return "0";
        }

        var size = Math.Abs(value);
        if ((value == Math.Floor(value) && size < 1e15) || size is >= 10_000 and < Largest)
        {
            return Of((long)Math.Round(value));
        }

        return size is < Smallest or >= Largest
            ? value.ToString("0.###e+0", CultureInfo.InvariantCulture)
            : Round(value, size).ToString("0.#######", CultureInfo.InvariantCulture);
    }

    /// <summary>A whole number, all digits.</summary>
    public static string Of(long number) =>
        Math.Abs(number) < 10_000
            ? number.ToString(CultureInfo.InvariantCulture)
            : number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ThinSpace);

    /// <summary>A share as a percentage.</summary>
    public static string Percent(double? share) =>
        share is { } value && double.IsFinite(value) ? $"{Of(Round(100 * value, Math.Abs(100 * value)))}{HardSpace}%" : Missing;

    /// <summary>A size in bytes, in the unit that suits it.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        double size = bytes;
        var unit = 0;
        for (; size >= 1000 && unit < units.Length - 1; unit++)
        {
            size /= 1000;
        }

        return $"{size.ToString(unit == 0 ? "0" : "0.#", CultureInfo.InvariantCulture)} {units[unit]}";
    }

    /// <summary>A length of time ("1.3 s", "4 min 10 s", "2 h 5 min").</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
    };

    private static double Round(double value, double size)
    {
        if (size == 0)
        {
            return 0;
        }

        var digits = 3 - (int)Math.Floor(Math.Log10(size));
        return digits is >= 0 and <= 15 ? Math.Round(value, digits) : value;
    }
}
