namespace Interp.Models.Training.Calendar;

/// <summary>Numbers in words.</summary>
public static class CalendarNumbers
{
    private static readonly string[] s_words =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    ];

    /// <summary>A number from 0 to 18.</summary>
    public static string Word(int number) => s_words[number];

    /// <summary>The same at a sentence's start.</summary>
    public static string Capitalized(int number) => $"{char.ToUpperInvariant(s_words[number][0])}{s_words[number][1..]}";
}
