using Interp.Compute.Cuda;
using Interp.Compute.Kernels.Lanes;
using Interp.Gpu.Checks;

namespace Interp.Compute.Tests.Cuda;

/// <summary>The matrix that runs on a GPU, run on ILGPU's accelerator for the CPU; and what the program says without a GPU.</summary>
public sealed class GpuChecksTests
{
    private static readonly Lazy<KernelCheck[]> s_checks = new(() => [.. CheckProgram.All(1)]);

    public static TheoryData<int, string> Checks
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (var i = 0; i < s_checks.Value.Length; i++)
            {
                data.Add(i, $"{s_checks.Value[i].Name} on {s_checks.Value[i].Input} input, number {i}");
            }

            return data;
        }
    }

    public static TheoryData<string> Kernels => AllKernels.Names;

    [Theory]
    [MemberData(nameof(Checks))]
    public void A_kernel_makes_what_plain_loops_in_float64_make(int index, string what)
    {
        var check = s_checks.Value[index];
        using var lane = new CpuLane();
        var error = check.Error(lane);
        Assert.True(error <= check.Tolerance, $"{what}: {error} instead of at most {check.Tolerance}");
    }

    /// <summary>Somebody who adds a kernel, or a type to one, adds its row.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_is_checked_on_every_kind_of_input_of_every_type(string kernel)
    {
        var method = AllKernels.Find(kernel);
        var name = $"{method.DeclaringType!.Name}.{method.Name}";
        var types = method.IsGenericMethod ? method.GetGenericArguments() : [];
        var missing = Enum.GetValues<InputKind>().Where(input => !s_checks.Value.Any(check => check.Input == input && check.Covered.Contains(name) && types.All(type => type == check.Element || check.With.Contains(type))));
        Assert.True(!missing.Any(), $"{kernel} has no check on input that is {string.Join(", ", missing).ToLowerInvariant()}");
    }

    [Fact]
    public void Without_a_GPU_the_program_says_so_and_ends_with_its_own_status()
    {
        using var output = new StringWriter();
        var status = CheckProgram.Run([], output);
        if (CudaDevices.Problem is { } problem)
        {
            Assert.Equal(CheckProgram.NoGpu, status);
            Assert.Equal($"no GPU was found: {problem}. Nothing was checked on a GPU.", output.ToString().TrimEnd());
        }
        else
        {
            Assert.NotEqual(CheckProgram.NoGpu, status);
        }
    }

    [Fact]
    public void Words_that_make_no_sense_are_wrong_usage()
    {
        using var output = new StringWriter();
        Assert.Equal(CheckProgram.WrongUsage, CheckProgram.Run(["--fast"], output));
        Assert.StartsWith("usage:", output.ToString(), StringComparison.Ordinal);
    }
}
