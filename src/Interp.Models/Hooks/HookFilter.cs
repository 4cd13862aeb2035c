namespace Interp.Models.Hooks;

/// <summary>Chooses hook points. A filter that matches nothing is an error when it is used.</summary>
public sealed class HookFilter
{
    private readonly Func<HookTable, IEnumerable<int>> _select;

    private HookFilter(Func<HookTable, IEnumerable<int>> select) => _select = select;

    /// <summary>Every point that fires without being asked for by name.</summary>
    public static HookFilter All { get; } = new(table => Enumerable.Range(0, table.Points.Count).Where(slot => !table.Points[slot].IsOptIn));

    /// <summary>Points by name, shorthand ("pattern3") or glob ("blocks.*.hook_resid_post", "blocks.{4..8}.mlp.hook_post").</summary>
    public static HookFilter Names(params IEnumerable<string> names)
    {
        var list = names.ToList();
        return new(table => list.SelectMany(name => HookNames.Resolve(table, name)));
    }

    /// <summary>Points by glob; the same as <see cref="Names"/> with one entry.</summary>
    public static HookFilter Matching(string glob) => Names(glob);

    /// <summary>A point of one layer by its short name, as ("resid_post", −1); negative layers count from the end.</summary>
    public static HookFilter InLayer(string shorthand, int layer) => new(table => [table.Slot(HookNames.InLayer(table, shorthand, layer))]);

    /// <summary>Points that a predicate accepts, the ones that are opt-in included.</summary>
    public static HookFilter Where(Func<HookPoint, bool> predicate) =>
        new(table => Enumerable.Range(0, table.Points.Count).Where(slot => predicate(table.Points[slot])));

    /// <summary>What either filter chooses.</summary>
    public HookFilter Or(HookFilter other) => new(table => _select(table).Concat(other._select(table)));

    /// <summary>The slots chosen, each once.</summary>
    internal IReadOnlyCollection<int> Select(HookTable table)
    {
        var slots = new SortedSet<int>(_select(table));
        return slots.Count > 0 ? slots : throw new HookNotFoundException("the filter matches no hook point of the model: list the model's hook points to see their names");
    }
}
