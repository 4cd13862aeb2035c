using Interp.Compute;
using Interp.Compute.LinearAlgebra;

namespace Interp.Analysis.Capacity.Packing;

/// <summary>Least squares on ε over packings. Predictions where k ≤ d are 0 but for the Johnson–Lindenstrauss form.</summary>
public static class PackingFits
{
    private const int MostSteps = 400;

    /// <summary>Fits a form and judges it.</summary>
    /// <param name="form">The form.</param>
    /// <param name="cells">The packings.</param>
    /// <exception cref="InterpException">There are too few packings with k &gt; d.</exception>
    public static PackingFit Of(PackingForm form, IReadOnlyList<PackingCell> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        var parameters = Fit(form, cells);
        var mean = cells.Average(cell => cell.Epsilon);
        var squares = cells.Sum(cell => Square(Predict(form, parameters, cell) - cell.Epsilon));
        var above = cells.Where(cell => cell.Count > cell.Dimension).ToArray();
        var half = cells.Max(cell => cell.Count) / 2;
        PackingCell[] small = [.. above.Where(cell => cell.Count <= half)], large = [.. above.Where(cell => cell.Count > half)];
        double? heldOut = small.Length >= 8 && large.Length > 0 ? Error(form, Fit(form, small), large) : null;
        return new PackingFit(
            form,
            parameters,
            1 - (squares / cells.Sum(cell => Square(cell.Epsilon - mean))),
            Error(form, parameters, above),
            Error(form, parameters, cells),
            Math.Sqrt(squares / cells.Count),
            heldOut);
    }

    /// <summary>ε that a form predicts.</summary>
    public static double Predict(PackingForm form, IReadOnlyList<double> parameters, PackingCell cell) => form switch
    {
        PackingForm.JohnsonLindenstrauss => Math.Sqrt(parameters[0] * Math.Log(cell.Count) / cell.Dimension),
        _ when cell.Count <= cell.Dimension => 0,
        PackingForm.OneParameter => Math.Sqrt(parameters[0] * Math.Log((double)cell.Count / cell.Dimension) / cell.Dimension),
        _ => Math.Sqrt(parameters[0]
            * Math.Pow(Math.Max((parameters[1] * Math.Log(cell.Count)) - Math.Log(cell.Dimension), 0), parameters[2])
            / Math.Pow(cell.Dimension, parameters[3])),
    };

    private static double[] Fit(PackingForm form, IReadOnlyList<PackingCell> cells)
    {
        if (cells.Count(cell => cell.Count > cell.Dimension) < 5)
        {
            throw new InterpException("there are fewer than five packings with k above d: the forms cannot be fitted");
        }

        if (form != PackingForm.FourParameter)
        {
            // √C is linear: ε = √C · g.
            var shapes = cells.Select(cell => Predict(form, [1], cell)).ToArray();
            return [Square(shapes.Zip(cells, (shape, cell) => shape * cell.Epsilon).Sum() / shapes.Sum(Square))];
        }

        return LevenbergMarquardt([0.7, 1, 1.2, 1], [.. cells.Where(cell => cell.Count > cell.Dimension)]);
    }

    private static double[] LevenbergMarquardt(double[] parameters, PackingCell[] cells)
    {
        var damping = 1e-3;
        var loss = Loss(parameters, cells);
        for (var step = 0; step < MostSteps && damping < 1e12; step++)
        {
            var (normal, gradient) = Normal(parameters, cells);
            for (var i = 0; i < parameters.Length; i++)
            {
                normal[i, i] *= 1 + damping;
            }

            var change = Solve(normal, gradient);
            double[] next = [.. parameters.Zip(change, (value, by) => value - by)];
            var nextLoss = next[0] > 0 ? Loss(next, cells) : double.PositiveInfinity;
            if (nextLoss < loss)
            {
                (parameters, loss, damping) = (next, nextLoss, Math.Max(damping / 5, 1e-15));
            }
            else
            {
                damping *= 5;
            }
        }

        return parameters;
    }

    /// <summary>JᵀJ and Jᵀr with derivatives by central differences.</summary>
    private static (double[,] Normal, double[] Gradient) Normal(double[] parameters, PackingCell[] cells)
    {
        const double Step = 1e-6;
        var size = parameters.Length;
        var (normal, gradient) = (new double[size, size], new double[size]);
        foreach (var cell in cells)
        {
            var slopes = new double[size];
            for (var i = 0; i < size; i++)
            {
                double[] up = [.. parameters], down = [.. parameters];
                up[i] += Step;
                down[i] -= Step;
                slopes[i] = (Predict(PackingForm.FourParameter, up, cell) - Predict(PackingForm.FourParameter, down, cell)) / (2 * Step);
            }

            var residual = Predict(PackingForm.FourParameter, parameters, cell) - cell.Epsilon;
            for (var i = 0; i < size; i++)
            {
                gradient[i] += slopes[i] * residual;
                for (var j = 0; j < size; j++)
                {
                    normal[i, j] += slopes[i] * slopes[j];
                }
            }
        }

        return (normal, gradient);
    }

    private static double[] Solve(double[,] matrix, double[] right)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        return TorchSharp.torch.linalg.solve(matrix.ToTensor(), TorchSharp.torch.tensor(right)).ToVector();
    }

    private static double Loss(double[] parameters, PackingCell[] cells)
    {
        var loss = cells.Sum(cell => Square(Predict(PackingForm.FourParameter, parameters, cell) - cell.Epsilon));
        return double.IsFinite(loss) ? loss : double.PositiveInfinity;
    }

    private static double Error(PackingForm form, double[] parameters, IReadOnlyList<PackingCell> cells) =>
        100 * cells.Average(cell => Math.Abs(Predict(form, parameters, cell) - cell.Epsilon) / cell.Epsilon);

    private static double Square(double value) => value * value;
}
