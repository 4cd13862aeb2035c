using Interp.Compute.Kernels.DeviceStep;

namespace Interp.Gpu.Checks.Cases;

/// <summary>The step by plain loops in float64, on the same rounded inputs.</summary>
internal static class StepReference
{
    /// <summary>Counts, losses, residual, weights, second moments and scalars after the step.</summary>
    /// <param name="moment">Every second moment of the matrices.</param>
    /// <param name="residual">The residual as the kernel rounded it, from which the gradients follow; what it should have been is returned.</param>
    public static double[][] Take(
        float[] z, float[] x, float[] y, float[] encoder, float[] decoder, float[] bias, float[] theta, float[] decoderBias, int rows, int width, int latents, float half, double scale, LatentStepNumbers n, float[] residual, double moment)
    {
        var (counts, losses, wanted) = (new double[rows], new double[rows], new double[rows * width]);
        var (isActive, isWindow) = (new bool[rows * latents], new bool[rows * latents]);
        for (var row = 0; row < rows; row++)
        {
            for (var latent = 0; latent < latents; latent++)
            {
                // In float32, as the kernel: whether an entry is in is a comparison.
                var over = z[(row * latents) + latent] - (theta[latent] - bias[latent]);
                (isActive[(row * latents) + latent], isWindow[(row * latents) + latent]) = (over > 0, over > -half && over < half);
                counts[row] += over > 0 || (over > -half && over < half) ? 1 : 0;
            }

            for (var k = 0; k < width; k++)
            {
                var sum = (double)decoderBias[k] - y[(row * width) + k];
                for (var latent = 0; latent < latents; latent++)
                {
                    sum += isActive[(row * latents) + latent] ? ((double)z[(row * latents) + latent] + bias[latent]) * decoder[(latent * width) + k] : 0;
                }

                losses[row] += sum * sum;
                wanted[(row * width) + k] = sum * scale;
            }
        }

        var (newEncoder, newDecoder, scalars) = (Wide(encoder), Wide(decoder), new double[4 * latents]);
        var (second, decoderSecond) = (Enumerable.Repeat(moment, latents * width).ToArray(), Enumerable.Repeat(moment, latents * width).ToArray());
        for (var latent = 0; latent < latents; latent++)
        {
            var (byEncoder, byDecoder) = (new double[width], new double[width]);
            double byBias = 0, window = 0, windowed = 0;
            for (var row = 0; row < rows; row++)
            {
                var at = (row * latents) + latent;
                var df = Enumerable.Range(0, width).Sum(k => (double)residual[(row * width) + k] * decoder[(latent * width) + k]);
                byBias += isActive[at] ? df : 0;
                window += isWindow[at] ? df : 0;
                windowed += isWindow[at] ? 1 : 0;
                for (var k = 0; k < width && isActive[at]; k++)
                {
                    byDecoder[k] += ((double)z[at] + bias[latent]) * residual[(row * width) + k];
                    byEncoder[k] += df * x[(row * width) + k];
                }
            }

            var along = Enumerable.Range(0, width).Sum(k => decoder[(latent * width) + k] * byDecoder[k]);
            for (var k = 0; k < width; k++)
            {
                var at = (latent * width) + k;
                newEncoder[at] = Stepped(encoder[at], byEncoder[k], ref second[at], n);
                newDecoder[at] = Stepped(decoder[at], byDecoder[k] - (along * decoder[at]), ref decoderSecond[at], n);
            }

            var length = Math.Sqrt(Enumerable.Range(0, width).Sum(k => newDecoder[(latent * width) + k] * newDecoder[(latent * width) + k]));
            for (var k = 0; k < width; k++)
            {
                newDecoder[(latent * width) + k] /= length;
            }

            var byTheta = -((theta[latent] * window) + (n.Slope * windowed)) * n.InverseBandwidth;
            var (v, u) = (0.01, 0.01);
            scalars[4 * latent] = Stepped(bias[latent], byBias, ref v, n);
            scalars[(4 * latent) + 1] = Stepped(theta[latent], byTheta, ref u, n);
            (scalars[(4 * latent) + 2], scalars[(4 * latent) + 3]) = (v, u);
        }

        return [counts, losses, wanted, newEncoder, newDecoder, second, decoderSecond, scalars];
    }

    private static double[] Wide(float[] values) => Numbers.Wide(values);

    private static double Stepped(double weight, double gradient, ref double second, LatentStepNumbers n)
    {
        second = (n.Beta2 * second) + ((1 - (double)n.Beta2) * gradient * gradient);
        return weight - (n.Size * gradient / ((Math.Sqrt(second) / n.Correction) + n.Epsilon));
    }
}
