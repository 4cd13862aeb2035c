using Interp.Analysis.Entanglement;
using Interp.Compute.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Entanglement;

public sealed class NullModelsTests
{
    /// <summary>The lists have nine digits, or six.</summary>
    private const double Nine = 1e-9;
    private const double Six = 1e-6;

    [Fact]
    public void Page_values_are_the_listed_ones()
    {
        var nulls = EntanglementOracle.Read("entanglement-nulls.json");
        foreach (var entry in nulls.GetProperty("page_square").EnumerateObject())
        {
            var size = int.Parse(entry.Name, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(entry.Value.GetDouble(), NullModels.Page(size, size), Nine);
        }

        foreach (var entry in nulls.GetProperty("page_real_square").EnumerateObject())
        {
            var size = int.Parse(entry.Name, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(entry.Value.GetDouble(), NullModels.PageReal(size, size), Nine);
        }

        foreach (var row in nulls.GetProperty("monte_carlo_real_gaussian").EnumerateArray())
        {
            var (m, n) = (row.GetProperty("m").GetInt32(), row.GetProperty("n").GetInt32());
            Assert.Equal(row.GetProperty("page_real").GetDouble(), NullModels.PageReal(m, n), Nine);
            Assert.Equal(NullModels.PageReal(m, n), NullModels.PageReal(n, m));
        }
    }

    [Fact]
    public void The_full_rank_null_is_a_tent_without_a_valley()
    {
        var expected = EntanglementOracle.Read("entanglement-nulls.json").Numbers("full_rank_null_profile_256x256");
        var tent = NullModels.FullRank(SiteChain.Of(256, 256));
        EntanglementOracle.AssertClose(expected, tent, 5.1e-5);
        Assert.Equal(7, Array.IndexOf(tent, tent.Max()));
    }

    [Fact]
    public void Low_rank_nulls_are_the_listed_profiles()
    {
        foreach (var row in EntanglementOracle.Read("entanglement-nulls.json").GetProperty("lora_null_profiles").EnumerateArray())
        {
            var chain = SiteChain.Of(row.GetProperty("m").GetInt32(), row.GetProperty("n").GetInt32());
            var profile = NullModels.LoraGaussian(chain, row.GetProperty("r").GetInt32());
            Assert.Equal(row.GetProperty("boundary_bond").GetInt32(), chain.Boundary);
            Assert.Equal(row.GetProperty("S_boundary").GetDouble(), profile[chain.Boundary - 1], Six);
            EntanglementOracle.AssertClose(row.Numbers("S"), profile, Six);
        }
    }

    [Fact]
    public void Spectrum_conditioned_nulls_are_the_listed_profiles()
    {
        foreach (var row in EntanglementOracle.Read("entanglement-nulls.json").GetProperty("spectrum_conditioned").EnumerateArray())
        {
            var shape = row.Integers("shape");
            var profile = NullModels.SpectrumConditioned(SiteChain.Of(shape[0], shape[1]), row.GetProperty("purity").GetDouble());
            EntanglementOracle.AssertClose(row.Numbers("S2_null"), profile, Six);
        }
    }

    [Theory]
    [InlineData(256, 256, 16, 0.03)]
    [InlineData(64, 256, 32, 0.03)]
    public void Gaussian_factors_lie_on_the_low_rank_null(int rows, int columns, int rank, double betweenDraws)
    {
        using var left = RandomTensor.Normal(rows, rank, seed: 3);
        using var right = RandomTensor.Normal(rank, columns, seed: 4);
        var chain = SiteChain.Of(rows, columns);
        EntanglementOracle.AssertClose(NullModels.LoraGaussian(chain, rank), EntropyProfile.OfProduct(left, right, chain).Entropies, betweenDraws);
    }

    [Theory]
    [InlineData(64, 64, 16, 60)]
    [InlineData(64, 256, 16, 30)]
    [InlineData(128, 128, 64, 15)]
    [InlineData(256, 256, 16, 15)]
    [InlineData(64, 64, 64, 60)]
    [InlineData(256, 64, 32, 30)]
    [InlineData(96, 192, 24, 60)]
    [InlineData(512, 128, 16, 15)]
    public void The_low_rank_null_for_real_factors_is_the_mean_over_draws(int rows, int columns, int rank, int draws)
    {
        var chain = SiteChain.Of(rows, columns);
        var mean = new double[chain.CutCount];
        for (var draw = 0; draw < draws; draw++)
        {
            using var left = RandomTensor.Normal(rows, rank, seed: 100 + draw);
            using var right = RandomTensor.Normal(rank, columns, seed: 5000 + draw);
            var entropies = EntropyProfile.OfProduct(left, right, chain).Entropies;
            mean = [.. mean.Zip(entropies, (sum, entropy) => sum + (entropy / draws))];
        }

        const double Asked = 0.01;
        EntanglementOracle.AssertClose(mean, NullModels.LoraGaussianReal(chain, rank), Asked);
    }

    [Theory]
    [InlineData(1024, 1024, 64)]
    [InlineData(2048, 1024, 64)]
    public void The_low_rank_null_lies_within_a_hundredth_of_one_draw_of_large_factors(int rows, int columns, int rank)
    {
        using var left = RandomTensor.Normal(rows, rank, seed: 3);
        using var right = RandomTensor.Normal(rank, columns, seed: 4);
        var chain = SiteChain.Of(rows, columns);
        EntanglementOracle.AssertClose(NullModels.LoraGaussian(chain, rank), EntropyProfile.OfProduct(left, right, chain).Entropies, 0.01);
    }

    [Theory]
    [InlineData(16, 64, 600)]
    [InlineData(64, 64, 60)]
    [InlineData(32, 128, 60)]
    public void The_gaussian_null_is_the_mean_over_draws(int rows, int columns, int draws)
    {
        var chain = SiteChain.Of(rows, columns);
        using var matrices = RandomTensor.Normal(draws * rows, columns, seed: 11).reshape(draws, rows, columns);
        var profiles = EntropyProfile.Of(matrices, chain);
        var mean = Enumerable.Range(0, chain.CutCount).Select(cut => profiles.Average(profile => profile.Entropies[cut])).ToArray();
        const double Asked = 0.003;
        EntanglementOracle.AssertClose(mean, NullModels.FullRankReal(chain), Asked);
    }

    [Fact]
    public void A_gaussian_matrix_lies_on_the_real_full_rank_null()
    {
        using var matrix = RandomTensor.Normal(128, 128, seed: 5).unsqueeze(0);
        var chain = SiteChain.Of(128, 128);
        EntanglementOracle.AssertClose(NullModels.FullRankReal(chain), EntropyProfile.Of(matrix, chain)[0].Entropies, 0.02);
    }

    [Fact]
    public void Surrogates_of_a_haar_matrix_agree_with_it_and_have_its_boundary()
    {
        using var scope = NewDisposeScope();
        var (left, _) = linalg.qr(RandomTensor.Normal(64, 64, seed: 6).to(ScalarType.Float64));
        var (right, _) = linalg.qr(RandomTensor.Normal(128, 64, seed: 7).to(ScalarType.Float64));
        var sigma = 1 / arange(1, 65, dtype: ScalarType.Float64);
        var matrix = (left * sigma).matmul(right.t());
        var chain = SiteChain.Of(64, 128);
        var measured = EntropyProfile.Of(matrix.unsqueeze(0), chain)[0];
        var surrogate = SurrogateProfiles.Draw(sigma.ToVector(), chain, draws: 5, seed: 1);
        EntanglementOracle.AssertClose(measured.Entropies, surrogate.Mean, 0.05);
        Assert.Equal(measured.Entropies[chain.Boundary - 1], surrogate.Mean[chain.Boundary - 1], 1e-10);
        Assert.True(surrogate.Low.Zip(surrogate.High).All(pair => pair.First <= pair.Second));
        Assert.Equal(surrogate.Mean, SurrogateProfiles.Draw(sigma.ToVector(), chain, draws: 5, seed: 1).Mean);
        LiveTensors.AssertNoGrowth(() => SurrogateProfiles.Draw([1, 0.5], SiteChain.Of(4, 6), 2, 1));
    }

    [Fact]
    public void The_spike_and_bulk_model_has_its_listed_value()
    {
        var listed = EntanglementOracle.Read("entanglement-attention.json").GetProperty("spike_model_iid_unit_variance");
        Assert.Equal(listed.GetProperty("S_T1024").GetDouble(), NullModels.SpikeAndBulk(Math.Exp(-1), 1024), Nine);
    }
}
