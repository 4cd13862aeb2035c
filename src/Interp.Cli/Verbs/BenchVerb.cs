using System.CommandLine;
using System.Globalization;
using Interp.Cli.Frame;
using Interp.Workbench.Benchmarks;

namespace Interp.Cli.Verbs;

/// <summary><c>interp bench [NAME]</c>: the performance figures, as ratios within one run.</summary>
internal sealed class BenchVerb : Verb
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = $"One of {string.Join(", ", BenchmarkCatalogue.All.Select(entry => entry.Name))}; all of them where none is named.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Makes the verb.</summary>
    public BenchVerb() : base("bench", "Time this program's work against reference work in the same process; the figures are ratios.") => Add(_name);

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        var chosen = context.Parsed.GetValue(_name) is { } name ? [BenchmarkCatalogue.Find(name)] : BenchmarkCatalogue.All;
        var rows = new List<BenchmarkRow>();
        foreach (var benchmark in chosen)
        {
            rows.AddRange(benchmark.Run(context.Progress, context.Cancellation));
        }

        context.Print(rows, Write);
    }

    private static void Write(TextWriter output, List<BenchmarkRow> rows)
    {
        var width = rows.Select(row => row.Name.Length).DefaultIfEmpty().Max();
        foreach (var row in rows)
        {
            var ratio = row.Ratio is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) + " ×" : "";
            var limit = row.Limit is { } most ? $"{(row.Holds ? "≤" : "OVER")} {most.ToString("0.##", CultureInfo.InvariantCulture)}" : "";
            output.WriteLine($"{row.Name.PadRight(width)}  {ratio,8}  {limit,-10}  {row.Value.ToString("G4", CultureInfo.InvariantCulture),8} {row.Unit,-3}  {row.Detail}");
        }
    }
}
