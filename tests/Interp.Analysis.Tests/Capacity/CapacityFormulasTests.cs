using Interp.Analysis.Capacity;

namespace Interp.Analysis.Tests.Capacity;

public sealed class CapacityFormulasTests
{
    /// <summary>The published values have three digits and the published ε five decimals.</summary>
    private const double Published = 0.005;

    [Fact]
    public void The_four_forms_give_the_documented_numbers_for_llama_2_7B()
    {
        Assert.Equal(8.415, CapacityFormulas.JohnsonLindenstrauss(4096, 0.0645), 5e-4);
        Assert.Equal(277.5, CapacityFormulas.JohnsonLindenstrauss(4096, 0.0645, 3.029), 0.05);
        Assert.Equal(2.158e9, CapacityFormulas.OneParameter(4096, 0.0645), 5e5);
        Assert.Equal(39_944_630, CapacityFormulas.FourParameter(4096, 0.0645), 1.0);
        Assert.Equal(13.412, CapacityFormulas.Elasticity(4096, 0.0645), 5e-4);
        Assert.Equal(26.35, CapacityFormulas.OneParameterElasticity(4096, 0.0645), 5e-3);
    }

    [Theory]
    [InlineData(2048, 0.09, 19_846_869)]
    [InlineData(3072, 0.09, 595_966_595)]
    [InlineData(8192, 0.05, 245_920_886)]
    [InlineData(8192, 0.09, 2.0296e14)]
    [InlineData(2048, 0.25, 2.045e20)]
    public void The_four_parameter_form_gives_the_documented_numbers(int dimension, double epsilon, double expected) =>
        Assert.Equal(1, CapacityFormulas.FourParameter(dimension, epsilon) / expected, 3e-4);

    [Theory]
    [InlineData(768, 20156)]
    [InlineData(1024, 25860)]
    [InlineData(2048, 47162)]
    [InlineData(4096, 86069)]
    [InlineData(8192, 157173)]
    [InlineData(16384, 287200)]
    public void At_random_epsilon_the_capacity_is_the_documented_one(int dimension, double expected)
    {
        var epsilon = CapacityFormulas.RandomEpsilon(dimension);
        Assert.Equal(expected, CapacityFormulas.FourParameter(dimension, epsilon), 1.0);
        Assert.Equal(22.0348, CapacityFormulas.OneParameter(dimension, epsilon) / dimension, 5e-5);
    }

    [Fact]
    public void Epsilon_and_capacity_invert_each_other()
    {
        Assert.Equal(0.024701, CapacityFormulas.FourParameterEpsilon(4096, 32000), 5e-7);
        Assert.Equal(0.025478, CapacityFormulas.OneParameterEpsilon(4096, 32000), 5e-7);
        Assert.Equal(0.0645, CapacityFormulas.FourParameterEpsilon(4096, CapacityFormulas.FourParameter(4096, 0.0645)), 1e-9);
        Assert.Equal(0.0645, CapacityFormulas.OneParameterEpsilon(4096, CapacityFormulas.OneParameter(4096, 0.0645)), 1e-12);
    }

    [Fact]
    public void The_elasticity_is_the_slope_of_the_logarithms()
    {
        const double Step = 1e-5;
        var slope = (CapacityFormulas.LogFourParameter(3072, 0.07 * (1 + Step)) - CapacityFormulas.LogFourParameter(3072, 0.07 * (1 - Step))) / (2 * Step);
        Assert.Equal(slope, CapacityFormulas.Elasticity(3072, 0.07), 1e-5);
    }

    [Fact]
    public void Every_published_model_has_its_capacity_class_ratio_and_elasticity()
    {
        var rows = OracleTable.Read("capacity-models.csv");
        Assert.Equal(45, rows.Count);
        foreach (var row in rows)
        {
            var dimension = (int)row.Number("d_model");
            var epsilon = row.Number("epsilon_published");
            var isFinite = row["class"] == "2";
            Assert.Equal(isFinite, epsilon < CapacityAnalysis.NearOrthogonalBelow);
            Assert.Equal(row.Number("epsilon_over_random"), epsilon / CapacityFormulas.RandomEpsilon(dimension), 1e-4);
            Assert.Equal(row.Number("elasticity"), CapacityFormulas.Elasticity(dimension, epsilon), 1e-3);
            if (isFinite)
            {
                Assert.Equal(1, CapacityFormulas.FourParameter(dimension, epsilon) / row.Number("capacity_recomputed"), 1e-4);
                Assert.Equal(1, CapacityFormulas.FourParameter(dimension, epsilon) / row.Number("capacity_published"), Published);
            }
        }
    }

    /// <summary>The documented errors of the forms, in per cent of ε, over the optimised packings.</summary>
    [Fact]
    public void The_forms_predict_the_optimised_packings_as_well_as_documented()
    {
        var cells = OracleTable.Read("packing-optimized.csv")
            .Select(row => (Count: row.Number("k"), Dimension: (int)row.Number("d"), Epsilon: row.Number("eps_max_abs_cos")))
            .ToArray();
        Assert.Equal(166, cells.Length);
        double Error(Func<int, double, double> predict, bool all) =>
            100 * cells.Where(cell => all || cell.Count > cell.Dimension)
                .Average(cell => Math.Abs((cell.Count > cell.Dimension || all ? predict(cell.Dimension, cell.Count) : 0) - cell.Epsilon) / cell.Epsilon);

        Assert.Equal(975.3, Error((d, k) => CapacityFormulas.JohnsonLindenstraussEpsilon(d, k, 0.7068), all: true), 0.5);
        Assert.Equal(52.2, Error((d, k) => CapacityFormulas.JohnsonLindenstraussEpsilon(d, k, 0.7068), all: false), 0.05);
        Assert.Equal(7.95, Error(CapacityFormulas.OneParameterEpsilon, all: true), 0.01);
        Assert.Equal(4.50, Error(CapacityFormulas.OneParameterEpsilon, all: false), 0.01);
        Assert.Equal(1.80, Error(CapacityFormulas.FourParameterEpsilon, all: false), 0.01);
        Assert.All(cells, cell => Assert.True(cell.Epsilon >= CapacityFormulas.WelchBound(cell.Dimension, cell.Count)));
    }

    [Fact]
    public void Random_packings_follow_the_Johnson_Lindenstrauss_form_with_its_fitted_constant()
    {
        var cells = OracleTable.Read("packing-random.csv");
        Assert.Equal(256, cells.Count);
        var error = 100 * cells.Average(row => Math.Abs(CapacityFormulas.JohnsonLindenstraussEpsilon((int)row.Number("d"), row.Number("k"), 3.0295) - row.Number("eps_max_abs_cos")) / row.Number("eps_max_abs_cos"));
        Assert.Equal(1.31, error, 0.01);
    }
}
