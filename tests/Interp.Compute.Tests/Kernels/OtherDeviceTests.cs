using Interp.Compute.Kernels;
using Interp.Compute.Kernels.Cosines;
using Interp.Compute.Kernels.DictionaryStep;
using Interp.Compute.Kernels.MaskedSoftmaxes;
using Interp.Compute.Kernels.Pairwise;
using Interp.Compute.Kernels.RotatedHistograms;
using Interp.Compute.Kernels.RowNorms;
using Interp.Compute.Kernels.SigmoidGates;
using Interp.Compute.Kernels.SparseDecode;
using Interp.Compute.Kernels.SparseGradients;
using Interp.Compute.Kernels.ThresholdCodes;
using Interp.Compute.Kernels.UnitRowAdam;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels;

/// <summary>
/// Tensors that do not lie on the CPU, by torch's device without memory: an entry goes to torch's operations or refuses in one line. A read of
/// memory would be one of an address that is none.
/// </summary>
public sealed class OtherDeviceTests
{
    private static readonly Device s_meta = new(TorchSharp.DeviceType.META);

    public static TheoryData<string, KernelBackend> Entries
    {
        get
        {
            var data = new TheoryData<string, KernelBackend>();
            foreach (var name in s_refusing.Keys)
            {
                foreach (var backend in Enum.GetValues<KernelBackend>())
                {
                    data.Add(name, backend);
                }
            }

            return data;
        }
    }

    private static readonly Dictionary<string, Action<KernelBackend>> s_refusing = new()
    {
        ["ThresholdEncoder"] = backend => Encode(Meta(4, 6), Meta(10, 6), backend),
        ["SparseDecoder"] = backend =>
        {
            using var codes = Codes();
            SparseDecoder.Residual(codes, Meta(10, 6), Meta(6), null, 1, Meta(4, 6), Meta(6), backend);
        },
        ["SparseGradient"] = backend =>
        {
            using var codes = Codes();
            SparseGradient.Compute(codes, Meta(4, 6), Meta(4, 6), Meta(10, 6), Meta(10, 6), Meta(10), new LatentLoss(0.1), null, backend).Dispose();
        },
        ["RowAdamStep"] = backend => RowAdamStep.Take(Meta(10, 6), null, Meta(10, 6), Meta(10, 6), new AdamSettings(0.1, 0, 0.9, 1), RowLength.Unit, backend),
        ["CosineProducts"] = backend => CosineProducts.Count(Meta(4, 6), 0, 0, 0.1, backend),
        ["RowCosines"] = backend => RowCosines.Histogram(Meta(4, 6), new CosineOptions { Backend = (CosineBackend)backend }),
        ["RowCosines.Moments"] = _ => RowCosines.Moments(Meta(4, 6)),
        ["NearestRows"] = backend => NearestRows.Of(Meta(4, 6), 2, (PairwiseBackend)backend),
        ["NearestRows.AllDistances"] = backend => NearestRows.AllDistances(Meta(4, 6), (PairwiseBackend)backend).Dispose(),
        ["RotatedHistogram"] = backend => RotatedHistogram.Count(Meta(4), Meta(4), [0.1], 3, (RotationBackend)backend),
        ["GpuRowNorm"] = _ => GpuRowNorm.Apply(Meta(4, 6), new NormSettings(true, 1e-5, false), null, null, null),
        ["GpuSigmoidGate"] = _ => GpuSigmoidGate.Apply(Meta(4, 6), null, 1, 0),
        ["GpuMaskedSoftmax"] = _ => GpuMaskedSoftmax.Apply(Meta(1, 1, 4, 6), 1, null),
    };

    [Theory]
    [MemberData(nameof(Entries))]
    public void An_entry_that_needs_numbers_refuses_a_tensor_without_them_in_one_line(string name, KernelBackend backend)
    {
        using var scope = NewDisposeScope();
        var refusal = Assert.Throws<ArgumentException>(() => s_refusing[name](backend));
        Assert.StartsWith("the tensor is on torch's device meta, where it has a shape but no numbers: make it on the CPU or a GPU", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_torch_can_take_whole_go_to_its_operations()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(TorchSharp.DeviceType.META, RowNorm.Apply(Meta(4, 6), new NormSettings(true, 1e-5, true), Meta(6), Meta(6)).Output.device_type);
        Assert.Equal(TorchSharp.DeviceType.META, SigmoidGate.Silu(Meta(4, 6), Meta(4, 6)).device_type);
        Assert.Equal(TorchSharp.DeviceType.META, SigmoidGate.GeluTanh(Meta(4, 6)).device_type);
        Assert.Equal(TorchSharp.DeviceType.META, MaskedSoftmax.Apply(Meta(1, 2, 4, 6), 0.5, Meta(1, 1, 4, 6)).Pattern.device_type);
        Assert.Equal(TorchSharp.DeviceType.META, MaskedSoftmax.ApplyInPlace(Meta(1, 2, 4, 6), 0.5, null).device_type);
    }

    [Fact]
    public void A_sparse_training_step_refuses_weights_that_do_not_lie_on_the_CPU()
    {
        using var scope = NewDisposeScope();
        using var step = new DictionaryTrainingStep();
        DictionaryWeights Weights() => new(Meta(10, 6), Meta(10), Meta(10, 6), Meta(6), Meta(10));
        Assert.Throws<ArgumentException>(() => step.Take(Weights(), null, Weights(), Meta(4, 6), new DictionaryLoss(0.1, _ => 0), new AdamSettings(0.1, 0, 0.9, 1), null, StepPath.Sparse));
    }

    private static Tensor Meta(params long[] shape) => empty(shape, ScalarType.Float32, s_meta);

    private static SparseCodes Codes()
    {
        var codes = new SparseCodes();
        ThresholdEncoder.Encode(ones(4, 6), ones(10, 6), ones(10), ones(10), 0.1, codes);
        return codes;
    }

    private static void Encode(Tensor x, Tensor encoder, KernelBackend backend)
    {
        using var codes = new SparseCodes();
        ThresholdEncoder.Encode(x, encoder, Meta(10), Meta(10), 0.1, codes, backend: backend);
    }
}
