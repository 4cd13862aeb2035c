namespace Interp.Models;

/// <summary>A low-rank adapter that runs beside a model's weights until it is disposed.</summary>
public sealed class AttachedAdapter : IDisposable
{
    private readonly Action<AttachedAdapter> _detach;

    internal AttachedAdapter(Adapters.LiveAdapter adapter, Action<AttachedAdapter> detach) => (Adapter, _detach) = (adapter, detach);

    /// <summary>Its name, which its hooks carry.</summary>
    public string Name => Adapter.Name;

    /// <summary>The points where what it adds can be seen and changed.</summary>
    public IReadOnlyList<string> HookNames => [.. Adapter.Factors.Select(factor => factor.HookName(Name))];

    internal Adapters.LiveAdapter Adapter { get; }

    /// <summary>Takes it off the model. No run may be under way.</summary>
    public void Dispose() => _detach(this);
}
