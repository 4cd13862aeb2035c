namespace Interp.Workbench.Jobs;

/// <summary>What a job is to do, in words that a form, a link or a command line can carry.</summary>
public sealed record JobRequest
{
    /// <summary>The name under which the whole line is asked for.</summary>
    public const string WholeLine = "analyze";

    /// <summary>An analysis's catalogue name, or <see cref="WholeLine"/>.</summary>
    public required string Analysis { get; init; }

    /// <summary>A model's name or folder, or null.</summary>
    public string? Model { get; init; }

    /// <summary>One tensor as <c>FILE:TENSOR</c>, or null.</summary>
    public string? Tensor { get; init; }

    /// <summary>A UTF-8 text file, or null.</summary>
    public string? TextFile { get; init; }

    /// <summary>A folder of activation shards or the id of the run that captured them, or null.</summary>
    public string? Activations { get; init; }

    /// <summary>A sparse autoencoder's folder or the id of the run that trained it, or null.</summary>
    public string? Dictionary { get; init; }

    /// <summary>Options by property name or flag, as text in the invariant culture; what is not named keeps its default.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>The element type to load a model in (<c>float32</c>, <c>bfloat16</c>, <c>float16</c>, <c>float64</c>); null for float32.</summary>
    public string? Dtype { get; init; }

    /// <summary>The device: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>The same request as a line for a shell.</summary>
    public string ToCommandLine() => CommandLineText.Of(this);
}
