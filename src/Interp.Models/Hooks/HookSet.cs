namespace Interp.Models.Hooks;

/// <summary>Hooks in place for all runs of a model.</summary>
internal sealed class HookSet
{
    private readonly Lock _gate = new();
    private readonly List<IReadOnlyList<HookHandler>> _groups = [];

    /// <summary>All hooks, in the order put in place.</summary>
    public IReadOnlyList<HookHandler> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _groups.SelectMany(group => group)];
            }
        }
    }

    /// <summary>Puts hooks in place until the returned scope is disposed.</summary>
    public IDisposable Add(IReadOnlyList<HookHandler> handlers)
    {
        lock (_gate)
        {
            _groups.Add(handlers);
        }

        return new Scope(this, handlers);
    }

    private void Remove(IReadOnlyList<HookHandler> handlers)
    {
        lock (_gate)
        {
            // The same list may have been put in place twice; each scope takes its own away.
            _groups.RemoveAt(_groups.FindIndex(group => ReferenceEquals(group, handlers)));
        }
    }

    private sealed class Scope(HookSet set, IReadOnlyList<HookHandler> handlers) : IDisposable
    {
        private bool _isDisposed;

        public void Dispose()
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                set.Remove(handlers);
            }
        }
    }
}
