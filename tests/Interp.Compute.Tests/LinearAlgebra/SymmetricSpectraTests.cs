using Interp.Compute.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.LinearAlgebra;

public sealed class SymmetricSpectraTests
{
    /// <summary>Of the largest eigenvalue, at sizes up to 200.</summary>
    private const double Rounding = 1e-13;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(128)]
    [InlineData(160)]
    [InlineData(200)]
    public void Eigenvalues_are_those_of_LAPACK(int size)
    {
        using var scope = NewDisposeScope();
        var half = RandomMatrix.Normal(3 * size, size, seed: size).ToTensor().reshape(3, size, size);
        var matrices = half + half.transpose(1, 2);
        var expected = linalg.eigvalsh(matrices).ToVector();
        var actual = SymmetricSpectra.Eigenvalues(matrices).ToVector();
        AssertClose(expected, actual);
    }

    [Fact]
    public void Spectra_with_many_equal_and_vanishing_values_are_exact()
    {
        using var scope = NewDisposeScope();
        var rows = RandomMatrix.Normal(4, 24).ToTensor();
        var matrices = stack([eye(24, dtype: ScalarType.Float64), zeros(24, 24, ScalarType.Float64), ones(24, 24, ScalarType.Float64), rows.t().matmul(rows)]);
        var values = SymmetricSpectra.Eigenvalues(matrices).ToMatrix();
        AssertClose(Enumerable.Repeat(1.0, 24), Row(values, 0));
        AssertClose(Enumerable.Repeat(0.0, 24), Row(values, 1));
        AssertClose([.. Enumerable.Repeat(0.0, 23), 24], Row(values, 2));
        AssertClose(Enumerable.Repeat(0.0, 20), Row(values, 3)[..20], Row(values, 3)[^1]);
        AssertClose(linalg.eigvalsh(rows.matmul(rows.t())).ToVector(), Row(values, 3)[20..]);
    }

    /// <summary>The null space is rounding noise, where a test against neighbouring entries would never be met.</summary>
    [Theory]
    [InlineData(64, 4)]
    [InlineData(128, 16)]
    public void Matrices_of_low_rank_converge(int size, int rank)
    {
        using var scope = NewDisposeScope();
        var rows = RandomMatrix.Normal(8 * rank, size, seed: rank).ToTensor().reshape(8, rank, size);
        var values = SymmetricSpectra.Eigenvalues(rows.transpose(1, 2).matmul(rows)).ToMatrix();
        var expected = linalg.eigvalsh(rows.matmul(rows.transpose(1, 2))).ToMatrix();
        for (var matrix = 0; matrix < 8; matrix++)
        {
            AssertClose([.. Enumerable.Repeat(0.0, size - rank), .. Row(expected, matrix)], Row(values, matrix));
        }
    }

    [Theory]
    [InlineData(1e150)]
    [InlineData(1e-150)]
    public void The_path_graph_has_its_closed_form_spectrum_at_any_scale(double scale)
    {
        var matrix = new double[50, 50];
        for (var i = 0; i < 49; i++)
        {
            matrix[i, i + 1] = matrix[i + 1, i] = scale;
        }

        using var tensor = matrix.ToTensor().unsqueeze(0);
        using var values = SymmetricSpectra.Eigenvalues(tensor);
        AssertClose(Enumerable.Range(1, 50).Select(j => 2 * scale * Math.Cos(Math.PI * (51 - j) / 51)), values.ToVector());
    }

    [Fact]
    public void A_diagonal_with_graded_entries_is_only_sorted()
    {
        using var scope = NewDisposeScope();
        double[] graded = [1e-300, 5, 1e-18, -3, 0, 1e8];
        Assert.Equal(graded.Order(), SymmetricSpectra.Eigenvalues(diag(tensor(graded)).unsqueeze(0)).ToVector());
    }

    [Fact]
    public void The_trace_of_powers_is_kept_where_entries_span_many_scales()
    {
        using var scope = NewDisposeScope();
        var scales = pow(10, arange(40, dtype: ScalarType.Float64) / -3);
        var rows = RandomMatrix.Normal(40, 40, seed: 9).ToTensor() * scales;
        var matrix = rows.t().matmul(rows);
        var values = SymmetricSpectra.Eigenvalues(matrix.unsqueeze(0));
        Assert.Equal(1, values.sum().item<double>() / matrix.trace().item<double>(), Rounding);
        Assert.Equal(1, values.square().sum().item<double>() / matrix.square().sum().item<double>(), Rounding);
    }

    [Fact]
    public void Hostile_input_is_refused_and_no_tensor_is_left_behind()
    {
        using var rectangle = ones(1, 2, 3, ScalarType.Float64);
        Assert.Throws<ShapeMismatchException>(() => SymmetricSpectra.Eigenvalues(rectangle));
        using var broken = full([1, 3, 3], double.NaN, ScalarType.Float64);
        Assert.Throws<InterpException>(() => SymmetricSpectra.Eigenvalues(broken));
        using var fine = ones(2, 5, 5, ScalarType.Float64);
        LiveTensors.AssertNoGrowth(() => SymmetricSpectra.Eigenvalues(fine).Dispose());
    }

    private static double[] Row(double[,] matrix, int row) => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column])];

    private static void AssertClose(IEnumerable<double> expected, IReadOnlyList<double> actual, double? scale = null)
    {
        var list = expected.ToArray();
        var largest = scale ?? Math.Max(list.Max(Math.Abs), 1e-300);
        Assert.Equal(list.Length, actual.Count);
        for (var i = 0; i < list.Length; i++)
        {
            Assert.True(Math.Abs(list[i] - actual[i]) <= Rounding * largest, $"{list[i]} and {actual[i]} at {i}");
        }
    }
}
