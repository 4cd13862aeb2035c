using Interp.Compute.Statistics;

namespace Interp.Models.Training.Calendar;

/// <summary>
/// Writes sentences about days and months: sums in the phrasing of arXiv 2405.14860 and in others, sequences, and small talk in which
/// neighbours on the circle stand for each other.
/// </summary>
/// <param name="random">The source of every choice.</param>
/// <param name="isHeldOut">Whether a sum (cycle, label, number) is kept out of every sentence, in whichever phrasing.</param>
internal sealed class CalendarSentences(SplitMix64 random, Func<CalendarCycle, int, int, bool> isHeldOut)
{
    // e^(κ·cos θ) with κ = 2: a neighbour among seven is half as likely as the same day.
    private const double Concentration = 2;

    private const double PartOfStep = 0.35;

    private static readonly string[] s_people = ["Anna", "Ben", "Clara", "David", "Emma", "Felix", "Greta", "Hugo"];
    private static readonly string[] s_events = ["meeting", "concert", "lesson", "match", "dinner", "visit", "trip", "exam"];

    /// <summary>The next sentence.</summary>
    public string Next()
    {
        var cycle = random.NextInt(2) == 0 ? CalendarCycle.Weekdays : CalendarCycle.Months;
        return random.NextDouble() switch
        {
            < 0.50 => Sum(cycle),
            < 0.62 => Sequence(cycle),
            < 0.80 => Neighbours(cycle),
            < 0.94 => Quality(cycle),
            _ => Plain(cycle),
        };
    }

    private string Sum(CalendarCycle cycle)
    {
        int label, number;
        do
        {
            (label, number) = (random.NextInt(cycle.Period), 1 + random.NextInt(cycle.LargestNumber));
        }
        while (isHeldOut(cycle, label, number));

        var (from, to) = (cycle.Names[label], cycle.Names[(label + number) % cycle.Period]);
        return random.NextInt(8) switch
        {
            0 or 1 or 2 => $"{Pick(cycle.Openings)} {CalendarPrompt.Question(cycle, number, from)} {to}.",
            3 or 4 => $"{CalendarPrompt.Question(cycle, number, from)} {to}.",
            5 => $"{Count(cycle, number, isCapital: true)} before {to} is {from}.",
            6 => $"If it is {from} now, in {Count(cycle, number, isCapital: false)} it will be {to}.",
            _ => $"{Person()} left {cycle.Preposition} {from} and came back {Count(cycle, number, isCapital: false)} later, {cycle.Preposition} {to}.",
        };
    }

    private string Sequence(CalendarCycle cycle)
    {
        var start = random.NextInt(cycle.Period);
        string Name(int step) => cycle.Names[(start + step + (10 * cycle.Period)) % cycle.Period];
        return random.NextInt(5) switch
        {
            0 => $"The {cycle.Unit.One} after {Name(0)} is {Name(1)}.",
            1 => $"The {cycle.Unit.One} before {Name(0)} is {Name(-1)}.",
            2 => $"{Name(0)} comes between {Name(-1)} and {Name(1)}.",
            3 => $"The {cycle.Unit.Many} go {Name(0)}, {Name(1)}, {Name(2)}, {Name(3)}, {Name(4)} and so on.",
            _ => $"Going back, the {cycle.Unit.Many} are {Name(0)}, {Name(-1)}, {Name(-2)}, {Name(-3)}.",
        };
    }

    private string Neighbours(CalendarCycle cycle)
    {
        var label = random.NextInt(cycle.Period);
        var (name, near, at) = (cycle.Names[label], cycle.Names[Near(label, cycle.Period, cycle.Period)], cycle.Preposition);
        return random.NextInt(5) switch
        {
            0 => $"The {Pick(s_events)} {at} {name} was moved to {near}.",
            1 => $"{Person()} wanted to come {at} {name} but came {at} {near}.",
            2 => $"We met {at} {name} or {at} {near}.",
            3 => $"It rained {at} {name} and {at} {near}.",
            _ => $"{name} or {near} will do for the {Pick(s_events)}.",
        };
    }

    private string Quality(CalendarCycle cycle)
    {
        var label = random.NextInt(cycle.Period);
        var (form, name, at) = (random.NextInt(5), cycle.Names[label], cycle.Preposition);

        // Early and late lie between a name and its neighbours.
        var quality = cycle.Qualities[Near(label + (form == 0 ? -PartOfStep : form == 1 ? PartOfStep : 0), cycle.Period, cycle.Qualities.Count)];
        return form switch
        {
            0 => $"Early {at} {name} it was {quality}.",
            1 => $"Late {at} {name} it was {quality}.",
            2 => $"{name} is a {quality} {cycle.Unit.One}.",
            3 => $"{Person()} says that {at} {name} it is {quality}.",
            _ => $"The {Pick(s_events)} {at} {name} was {quality}.",
        };
    }

    private string Plain(CalendarCycle cycle)
    {
        var name = cycle.Names[random.NextInt(cycle.Period)];
        return random.NextInt(3) switch
        {
            0 => $"{Person()} has a {Pick(s_events)} {cycle.Preposition} {name}.",
            1 => $"See you {cycle.Preposition} {name}, {Person()}.",
            _ => $"The {Pick(s_events)} with {Person()} took one hour.",
        };
    }

    /// <summary>A place among <paramref name="places"/> evenly spaced ones, likelier the nearer it is to a label's angle; labels need not be whole.</summary>
    private int Near(double label, int period, int places)
    {
        var weights = new double[places];
        for (var i = 0; i < places; i++)
        {
            weights[i] = Math.Exp(Concentration * Math.Cos(2 * Math.PI * ((label / period) - ((double)i / places))));
        }

        var rest = random.NextDouble() * weights.Sum();
        var place = 0;
        while (place < places - 1 && (rest -= weights[place]) >= 0)
        {
            place++;
        }

        return place;
    }

    private string Person() => Pick(s_people);

    private string Pick(IReadOnlyList<string> words) => words[random.NextInt(words.Count)];

    private static string Count(CalendarCycle cycle, int number, bool isCapital) =>
        $"{(isCapital ? CalendarNumbers.Capitalized(number) : CalendarNumbers.Word(number))} {(number == 1 ? cycle.Unit.One : cycle.Unit.Many)}";
}
