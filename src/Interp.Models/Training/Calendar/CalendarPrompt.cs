namespace Interp.Models.Training.Calendar;

/// <summary>The prompts of arXiv 2405.14860, verbatim.</summary>
public static class CalendarPrompt
{
    /// <summary>"Two days from Monday is"; the paper writes "One day" of days and "One months" of months.</summary>
    public static string Question(CalendarCycle cycle, int number, string from) =>
        $"{CalendarNumbers.Capitalized(number)} {(number == 1 && cycle.Period == 7 ? cycle.Unit.One : cycle.Unit.Many)} from {from} is";

    /// <summary>The whole prompt of a sum.</summary>
    public static string Of(CalendarCycle cycle, int label, int number) => $"{cycle.Openings[0]} {Question(cycle, number, cycle.Names[label])}";

    /// <summary>The answer with the space before it.</summary>
    public static string Answer(CalendarCycle cycle, int label, int number) => $" {cycle.Names[(label + number) % cycle.Period]}";
}
