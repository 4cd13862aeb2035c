using Interp.Analysis.Atoms.Geometry;
using Interp.Compute.Devices;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>How weights start: directions, the encoder, and the pre-activations of a sample for whatever is set from quantiles.</summary>
internal static class LearnerWeights
{
    private const int SampleRows = 8192;

    /// <summary>Random rows of unit length, drawn on the CPU.</summary>
    public static Tensor Directions(int count, int width, long seed, Device device, string purpose = "dictionary directions")
    {
        var random = SplitMix64.ForStream(seed, purpose);
        var values = new float[(long)count * width];
        for (long i = 0; i < values.LongLength; i++)
        {
            values[i] = (float)random.NextNormal();
        }

        var rows = tensor(values, count, width);
        return DeviceCopy.Of(rows.div_(rows.norm(1, keepdim: true)), device);
    }

    /// <summary>Encoder rows: the decoder's, or tied to them through the metric; of a transcoder random ones.</summary>
    public static Tensor Encoder(Tensor decoder, Tensor decoderBias, TrainingRows rows, LearnerOptions options, CancellationToken cancellation)
    {
        if (options.IsTranscoder)
        {
            return Directions(options.Width, options.InputWidth, options.Seed, rows.Device, "encoder directions");
        }

        return options.Shared.EncoderStart == EncoderStart.WhitenedTie ? ThroughMetric(decoder, decoderBias, rows, cancellation) : decoder.clone();
    }

    /// <summary>The encoder's bias: none where b_dec is subtracted; of a transcoder what centres its inputs.</summary>
    public static Tensor EncoderBias(Tensor encoder, TrainingRows rows, LearnerOptions options, CancellationToken cancellation)
    {
        if (!options.IsTranscoder)
        {
            return zeros(options.Width, device: rows.Device);
        }

        var centre = rows.Centre(CentreOf.Input, cancellation).to(ScalarType.Float32);
        return encoder.matmul(centre).neg_();
    }

    /// <summary>Training rows of a seeded sample, scaled.</summary>
    public static TrainingBatch Sample(TrainingRows rows, long seed, string purpose)
    {
        var order = new Activations.RowPermutation(rows.Split.Train.Length, seed, purpose);
        return rows.Scaled([.. Enumerable.Range(0, Math.Min(SampleRows, rows.Split.Train.Length)).Select(i => rows.Split.Train[order[i]])]);
    }

    /// <summary>For each latent the value that its share of pre-activations exceeds, at least 0.</summary>
    /// <param name="z">Pre-activations of a sample <c>[n, d_sae]</c>.</param>
    /// <param name="share">The share of rows.</param>
    public static Tensor Quantiles(Tensor z, double share)
    {
        var place = Math.Clamp((long)(share * z.shape[0]), 1, z.shape[0]);
        return z.topk((int)place, 0).values.select(0, place - 1).clamp_min(0);
    }

    /// <summary>Takes the part along each row out of a gradient, so that lengths do not change to first order.</summary>
    public static void Project(Tensor gradient, Tensor rows) => _ = gradient.sub_((gradient * rows).sum(1, keepdim: true) * rows);

    /// <summary>Brings rows back to unit length.</summary>
    public static void Normalise(Tensor rows) => _ = rows.div_(rows.norm(1, keepdim: true).clamp_min(1e-12));

    /// <summary>The second moment is taken about b_dec, since that is what the encoder sees.</summary>
    private static Tensor ThroughMetric(Tensor decoder, Tensor decoderBias, TrainingRows rows, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var moment = new SecondMoment((int)decoderBias.shape[0], rows.Device);
        foreach (var piece in rows.Pieces(rows.Split.Train, cancellation))
        {
            moment.Add(piece.Input.sub_(decoderBias));
            piece.Dispose();
        }

        using var metric = AtomicMetric.Create(moment.Matrix(MetricCentring.None), AtomicMetric.RidgeFor(moment.Count, moment.Width));
        return WhitenedTie.Encoder(decoder, metric).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
