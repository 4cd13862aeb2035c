using Interp.Compute.Kernels.SparseGradients;
using Interp.Compute.Kernels.ThresholdCodes;

namespace Interp.Gpu.Checks.Cases;

/// <summary>Sparse codes by row and by latent, about one entry in ten, and the gradients that plain loops give for them.</summary>
internal sealed class RandomCodes
{
    public RandomCodes(Numbers numbers, int rows, int latents)
    {
        var entries = new List<(int Row, int Latent, int Flags, float Value)>();
        for (var row = 0; row < rows; row++)
        {
            for (var latent = 0; latent < latents; latent++)
            {
                if (numbers.Below(10) == 0)
                {
                    entries.Add((row, latent, 1 + numbers.Below(3), numbers.Normal(1, 0.2, 1)[0]));
                }
            }
        }

        RowStarts = Starts(entries.Select(entry => entry.Row), rows);
        Latents = [.. entries.Select(entry => (entry.Latent << CodeTile.Shift) | entry.Flags)];
        ByRow = [.. entries.Select(entry => entry.Value)];
        var sorted = entries.OrderBy(entry => entry.Latent).ThenBy(entry => entry.Row).ToArray();
        LatentStarts = Starts(sorted.Select(entry => entry.Latent), latents);
        Rows = [.. sorted.Select(entry => (entry.Row << CodeTile.Shift) | entry.Flags)];
        ByLatent = [.. sorted.Select(entry => entry.Value)];
    }

    public int[] RowStarts { get; }

    public int[] Latents { get; }

    public float[] ByRow { get; }

    public int[] LatentStarts { get; }

    public int[] Rows { get; }

    public float[] ByLatent { get; }

    /// <summary>Encoder, decoder, bias, thresholds, firings: float64, in the kernels' order.</summary>
    public double[] Gradients(float[] g, float[] x, float[] decoder, float[] theta, float[] revived, float[] sumOfX, GradientKernelNumbers n)
    {
        var (latents, width) = (LatentStarts.Length - 1, n.Width);
        var (byEncoder, byDecoder) = (new double[latents * width], new double[latents * width]);
        var (byBias, byTheta, firings) = (new double[latents], new double[latents], new double[latents]);
        for (var latent = 0; latent < latents; latent++)
        {
            var revival = (double)n.Revival * revived[latent];
            for (var k = 0; k < width; k++)
            {
                byEncoder[(latent * width) + k] = -revival * sumOfX[k];
            }

            double window = 0, windowed = 0;
            for (var entry = LatentStarts[latent]; entry < LatentStarts[latent + 1]; entry++)
            {
                var row = Rows[entry] >> CodeTile.Shift;
                var (isActive, isWindow) = ((Rows[entry] & CodeTile.Active) != 0, (Rows[entry] & CodeTile.Window) != 0);
                var df = Enumerable.Range(0, width).Sum(k => (double)g[(row * width) + k] * decoder[(latent * width) + k]);
                var byZ = (isActive ? df : 0) + (isWindow && n.StepToInput != 0 ? ((theta[latent] * df) + n.Slope) * n.InverseBandwidth : 0);
                byBias[latent] += byZ;
                firings[latent] += isActive ? 1 : 0;
                window += isWindow ? df : 0;
                windowed += isWindow ? 1 : 0;
                for (var k = 0; k < width; k++)
                {
                    byEncoder[(latent * width) + k] += (byZ + (isActive ? revival : 0)) * x[(row * width) + k];
                    byDecoder[(latent * width) + k] += isActive ? (double)ByLatent[entry] * g[(row * width) + k] : 0;
                }
            }

            var pull = revival * (n.Rows - firings[latent]);
            byBias[latent] -= pull;
            byTheta[latent] = pull - (((theta[latent] * window) + (n.Slope * windowed)) * n.InverseBandwidth);
        }

        return Numbers.Join(byEncoder, byDecoder, byBias, byTheta, firings);
    }

    private static int[] Starts(IEnumerable<int> owners, int count)
    {
        var starts = new int[count + 1];
        foreach (var owner in owners)
        {
            starts[owner + 1]++;
        }

        for (var i = 0; i < count; i++)
        {
            starts[i + 1] += starts[i];
        }

        return starts;
    }
}
