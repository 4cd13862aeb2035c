using Interp.Compute.Kernels;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Tests.Cuda;
using Interp.Gpu.Checks;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.Matrix;

/// <summary>Every kernel, in each of its three versions, on each kind of input of each type, against float64 of the same rounded inputs.</summary>
public sealed class KernelMatrixTests
{
    private static readonly KernelBackend[] s_backends = [KernelBackend.Reference, KernelBackend.Cpu, KernelBackend.Gpu];

    private static readonly MatrixEntry[] s_entries =
    [
        new RowNormEntry(), new SigmoidGateEntry(), new MaskedSoftmaxEntry(), new ThresholdEntry(), new DecodeEntry(), new GradientEntry(), new AdamEntry(),
        new StepEntry(), new CosinesEntry(), new CosineProductsEntry(), new PairwiseEntry(), new RotationEntry(),
    ];

    public static TheoryData<string, KernelBackend, ScalarType, InputKindName> Cells
    {
        get
        {
            var data = new TheoryData<string, KernelBackend, ScalarType, InputKindName>();
            foreach (var entry in s_entries)
            {
                foreach (var (backend, type, kind) in s_backends.SelectMany(backend => entry.Types.SelectMany(type => Enum.GetValues<InputKind>().Select(kind => (backend, type, kind)))))
                {
                    data.Add(entry.Name, backend, type, (InputKindName)kind);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> Kernels => [.. AllKernels.Methods.Select(method => method.DeclaringType!.Name).Distinct()];

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_version_agrees_with_float64(string name, KernelBackend backend, ScalarType type, InputKindName kind)
    {
        using var scope = NewDisposeScope();
        var entry = s_entries.Single(entry => entry.Name == name);
        var (made, expected) = (entry.Made(backend, type, (InputKind)kind), entry.Expected(type, (InputKind)kind));
        Assert.Equal(expected.Refusal, made.Refusal);
        Assert.Equal(expected.Parts?.Length, made.Parts?.Length);
        foreach (var (wanted, found, part) in (expected.Parts ?? []).Zip(made.Parts ?? []).Select((pair, part) => (pair.First, pair.Second, part)))
        {
            RandomDictionary.AssertClose(wanted, found, entry.Tolerance(type), $"part {part} of {name}");
        }
    }

    /// <summary>Somebody who adds a kernel adds its entry; who adds a type to one, adds it here.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_has_its_entry_with_every_type(string kernels)
    {
        var methods = AllKernels.Methods.Where(method => method.DeclaringType!.Name == kernels).ToArray();
        var entries = s_entries.Where(entry => entry.Kernels.Contains(methods[0].DeclaringType!)).ToArray();
        Assert.NotEmpty(entries);
        var types = methods.Where(method => method.IsGenericMethod).Select(method => ElementTypes.ScalarOf(method.GetGenericArguments()[0])).Distinct();
        Assert.All(types, type => Assert.All(entries, entry => Assert.Contains(type, entry.Types)));
    }

    /// <summary>The kinds of input, public as tests' arguments must be.</summary>
    public enum InputKindName
    {
        /// <inheritdoc cref="InputKind.Empty"/>
        Empty,

        /// <inheritdoc cref="InputKind.Tiny"/>
        Tiny,

        /// <inheritdoc cref="InputKind.Odd"/>
        Odd,

        /// <inheritdoc cref="InputKind.Random"/>
        Random,

        /// <inheritdoc cref="InputKind.Large"/>
        Large,
    }
}
