using Interp.Workbench.Jobs;

namespace Interp.Workbench.Tests.Jobs;

public sealed class JobRequestTests
{
    [Fact]
    public void A_request_for_the_line_names_only_what_differs_from_the_defaults()
    {
        var request = new JobRequest
        {
            Analysis = JobRequest.WholeLine,
            Model = "models/clock-59",
            Options = new Dictionary<string, string> { ["--tokens"] = "50000", ["Seed"] = "3" },
        };
        Assert.Equal("interp analyze models/clock-59 --seed 3", request.ToCommandLine());
    }

    [Fact]
    public void Verbs_are_those_of_the_command_line()
    {
        Assert.Equal("interp capacity 'my model' --device cpu", new JobRequest { Analysis = "capacity", Model = "my model", Device = "cpu" }.ToCommandLine());
        Assert.Equal("interp circles indices a.safetensors:x", new JobRequest { Analysis = "circles-indices", Tensor = "a.safetensors:x" }.ToCommandLine());
        Assert.Equal("interp entanglement matrix a:b", new JobRequest { Analysis = "entanglement-internal", Tensor = "a:b" }.ToCommandLine());
        Assert.Equal(
            "interp circles find sae --activations acts",
            new JobRequest { Analysis = "circles-find", Dictionary = "sae", Activations = "acts" }.ToCommandLine());
        Assert.Equal("interp atoms train --activations acts", new JobRequest { Analysis = "atoms", Activations = "acts" }.ToCommandLine());
    }

    [Fact]
    public void Words_are_quoted_for_a_shell() =>
        Assert.Equal("interp x-y 'it'\\''s $HOME' --text-file ''", new JobRequest { Analysis = "x-y", Model = "it's $HOME", TextFile = "" }.ToCommandLine().Replace("x y", "x-y", StringComparison.Ordinal));
}
