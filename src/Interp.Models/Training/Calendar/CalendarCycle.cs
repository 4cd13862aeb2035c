namespace Interp.Models.Training.Calendar;

/// <summary>Days of the week or months of the year: names on a circle, and how one counts along it.</summary>
public sealed record CalendarCycle
{
    /// <summary>The names in their order; label k is at angle 2πk/p.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>What is counted, after "one" and after other numbers.</summary>
    public required (string One, string Many) Unit { get; init; }

    /// <summary>What stands before a name: on Monday, in March.</summary>
    public required string Preposition { get; init; }

    /// <summary>What stands before a sum, so that it is known as one.</summary>
    public required IReadOnlyList<string> Openings { get; init; }

    /// <summary>Names of a quality that comes and goes once around the circle, evenly spaced from label 0 on.</summary>
    public required IReadOnlyList<string> Qualities { get; init; }

    /// <summary>How far sums count; past p they go round again.</summary>
    public required int LargestNumber { get; init; }

    /// <summary>p.</summary>
    public int Period => Names.Count;

    /// <summary>The days of the week.</summary>
    public static CalendarCycle Weekdays { get; } = new()
    {
        Names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        Unit = ("day", "days"),
        Preposition = "on",
        Openings = ["Let's do some days of the week math.", "Let's do some day of the week math."],
        Qualities = ["slow", "busy", "long", "merry", "free", "lazy"],
        LargestNumber = 18,
    };

    /// <summary>The months of the year.</summary>
    public static CalendarCycle Months { get; } = new()
    {
        Names = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
        Unit = ("month", "months"),
        Preposition = "in",
        Openings = ["Let's do some calendar math."],
        Qualities = ["cold", "fresh", "mild", "warm", "hot", "dry", "misty", "dark"],
        LargestNumber = 18,
    };
}
