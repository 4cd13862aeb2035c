using Interp.Analysis.Entanglement;
using Interp.Compute.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Entanglement;

public sealed class EntropyProfileTests
{
    /// <summary>The reference lists have twelve digits.</summary>
    private const double Listed = 1e-10;

    /// <summary>Float64 paths against each other.</summary>
    private const double Rounding = 1e-11;

    public static TheoryData<string> Names => [.. EntanglementOracle.Read("entanglement-profiles.json").GetProperty("profiles").EnumerateObject().Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Closed_forms_have_their_listed_profiles(string name)
    {
        var listed = EntanglementOracle.Read("entanglement-profiles.json").GetProperty("profiles").GetProperty(name);
        using var matrix = ClosedFormMatrices.Build(name).ToTensor().unsqueeze(0);
        Assert.Equal(listed.GetProperty("frobenius_norm").GetDouble(), matrix.norm().item<double>(), Listed);
        var shape = listed.Integers("shape");
        var chain = SiteChain.Of(shape[0], shape[1], name == "E5_descending" ? PrimeOrder.Descending : PrimeOrder.Ascending);
        Assert.Equal(listed.Integers("sites"), chain.Sites);
        Assert.Equal(listed.GetProperty("boundary_bond").GetInt32(), chain.Boundary);

        var profile = EntropyProfile.Of(matrix, chain)[0];
        EntanglementOracle.AssertClose(listed.Numbers("S"), profile.Entropies, Listed);
        var (decomposed, logRanks) = BySingularValues(matrix, chain);
        EntanglementOracle.AssertClose(decomposed.Entropies, profile.Entropies, Rounding);
        if (listed.TryGetProperty("S2", out _))
        {
            EntanglementOracle.AssertClose(listed.Numbers("S2"), profile.Renyi2, Listed);
            EntanglementOracle.AssertClose(listed.Numbers("S_inf"), profile.MinEntropies, Listed);
            EntanglementOracle.AssertClose(listed.Numbers("S0"), logRanks, Listed);
        }
    }

    [Theory]
    [InlineData("E2")]
    [InlineData("E6")]
    [InlineData("MPS_r_on_core1")]
    [InlineData("MPS_r_on_core2")]
    public void The_profile_of_a_product_needs_only_its_factors(string name)
    {
        var (b, a) = ClosedFormMatrices.Factors(name)!.Value;
        using var left = b.ToTensor();
        using var right = a.ToTensor();
        using var product = left.matmul(right).unsqueeze(0);
        var chain = SiteChain.Of((int)product.shape[1], (int)product.shape[2]);
        var dense = EntropyProfile.Of(product, chain)[0];
        var factored = EntropyProfile.OfProduct(left, right, chain);
        EntanglementOracle.AssertClose(dense.Entropies, factored.Entropies, Rounding);
        EntanglementOracle.AssertClose(dense.Renyi2, factored.Renyi2, Rounding);
    }

    [Fact]
    public void A_product_whose_inner_dimension_is_larger_than_both_outer_ones_is_exact_too()
    {
        using var scope = NewDisposeScope();
        var left = RandomTensor.Normal(12, 40).to(ScalarType.Float64);
        var right = RandomTensor.Normal(40, 18, seed: 2).to(ScalarType.Float64);
        var chain = SiteChain.Of(12, 18);
        EntanglementOracle.AssertClose(
            EntropyProfile.Of(left.matmul(right).unsqueeze(0), chain)[0].Entropies, EntropyProfile.OfProduct(left, right, chain).Entropies, Rounding);
    }

    [Theory]
    [InlineData(1e30)]
    [InlineData(-1e-30)]
    [InlineData(1e200)]
    public void Scale_and_sign_do_not_matter(double scale)
    {
        using var scope = NewDisposeScope();
        var matrix = ClosedFormMatrices.Build("E3").ToTensor().unsqueeze(0);
        var chain = SiteChain.Of(16, 16);
        EntanglementOracle.AssertClose(EntropyProfile.Of(matrix, chain)[0].Entropies, EntropyProfile.Of(matrix * scale, chain)[0].Entropies, Rounding);
    }

    [Fact]
    public void Transposing_with_the_sites_reversed_mirrors_the_profile()
    {
        using var scope = NewDisposeScope();
        var matrix = RandomTensor.Normal(12, 30).to(ScalarType.Float64);

        // Reversed digits: the transpose of [2, 2, 3 | 2, 3, 5] is [5, 3, 2 | 3, 2, 2] with every index read backwards.
        var reversed = matrix.reshape(2, 2, 3, 2, 3, 5).permute(5, 4, 3, 2, 1, 0).reshape(1, 30, 12);
        var chain = SiteChain.Of(12, 30);
        Assert.Equal([2, 2, 3, 2, 3, 5], chain.Sites);
        var mirrored = EntropyProfile.Of(reversed, SiteChain.Of(30, 12, PrimeOrder.Descending))[0].Entropies.Reverse().ToArray();
        EntanglementOracle.AssertClose(EntropyProfile.Of(matrix.unsqueeze(0), chain)[0].Entropies, mirrored, Rounding);
    }

    [Fact]
    public void Entropies_of_a_kronecker_product_add()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (RandomTensor.Normal(4, 8).to(ScalarType.Float64), RandomTensor.Normal(4, 2, seed: 2).to(ScalarType.Float64));
        var product = EntropyProfile.Of(kron(first, second).unsqueeze(0), SiteChain.Of(16, 16))[0];
        var (a, b) = (EntropyProfile.Of(first.unsqueeze(0), SiteChain.Of(4, 8))[0], EntropyProfile.Of(second.unsqueeze(0), SiteChain.Of(4, 2))[0]);
        foreach (var (whole, one, other) in new[] { (product.Entropies, a.Entropies, b.Entropies), (product.Renyi2, a.Renyi2, b.Renyi2), (product.MinEntropies, a.MinEntropies, b.MinEntropies) })
        {
            // Rows are (4 of the first, 4 of the second), columns (8, 2): the cuts at those joints see whole factors.
            Assert.Equal(one[1], whole[1], Rounding);
            Assert.Equal(one[1] + other[1], whole[3], Rounding);
            Assert.Equal(other[1], whole[6], Rounding);
        }
    }

    [Fact]
    public void Permuting_rows_leaves_the_boundary_and_the_column_side()
    {
        using var scope = NewDisposeScope();
        var matrix = ClosedFormMatrices.Build("E6").ToTensor();
        var chain = SiteChain.Of(16, 64);
        var permuted = matrix.index_select(0, tensor(new long[] { 3, 1, 15, 0, 2, 8, 7, 9, 4, 5, 6, 10, 14, 13, 12, 11 }));
        var before = EntropyProfile.Of(matrix.unsqueeze(0), chain)[0].Entropies;
        var after = EntropyProfile.Of(permuted.unsqueeze(0), chain)[0].Entropies;
        EntanglementOracle.AssertClose(before[(chain.Boundary - 1)..], after[(chain.Boundary - 1)..], Rounding);
        Assert.True(Math.Abs(before[1] - after[1]) > 0.01);
    }

    [Fact]
    public void Entropies_keep_their_bounds_and_a_rank_caps_the_boundary()
    {
        using var scope = NewDisposeScope();
        var left = RandomTensor.Normal(32, 3).to(ScalarType.Float64);
        var right = RandomTensor.Normal(3, 18, seed: 2).to(ScalarType.Float64);
        var chain = SiteChain.Of(32, 18);
        var entropies = EntropyProfile.OfProduct(left, right, chain).Entropies;
        for (var cut = 0; cut < entropies.Length; cut++)
        {
            var dimension = chain.LeftDimensions[cut];
            Assert.InRange(entropies[cut], 0, Math.Log(Math.Min(dimension, 32 * 18 / dimension)) + Rounding);
            if (cut > 0)
            {
                Assert.True(Math.Abs(entropies[cut] - entropies[cut - 1]) <= Math.Log(chain.Sites[cut]) + Rounding);
            }
        }

        Assert.True(entropies[chain.Boundary - 1] <= Math.Log(3));
    }

    [Fact]
    public void A_batch_gives_each_matrix_its_own_profile()
    {
        using var scope = NewDisposeScope();
        var chain = SiteChain.Of(16, 16);
        string[] names = ["E1", "E3", "ghz16"];
        var batch = stack(names.Select(name => ClosedFormMatrices.Build(name).ToTensor()).ToArray());
        var profiles = EntropyProfile.Of(batch, chain);
        for (var i = 0; i < names.Length; i++)
        {
            EntanglementOracle.AssertClose(EntropyProfile.Of(batch[i].unsqueeze(0), chain)[0].Entropies, profiles[i].Entropies, Rounding);
        }
    }

    [Fact]
    public void Interleaving_removes_the_valley_of_a_low_rank_matrix()
    {
        using var scope = NewDisposeScope();
        var product = RandomTensor.Normal(256, 16).matmul(RandomTensor.Normal(16, 256, seed: 2)).unsqueeze(0);
        var listed = EntanglementOracle.Read("entanglement-numerics.json").GetProperty("layouts_256x256");
        const double BetweenDraws = 0.05;
        EntanglementOracle.AssertClose(listed.Numbers("LoRA r=16 rows|cols"), EntropyProfile.Of(product, SiteChain.Of(256, 256))[0].Entropies, BetweenDraws);
        EntanglementOracle.AssertClose(
            listed.Numbers("LoRA r=16 interleaved"), EntropyProfile.Of(product, SiteChain.Of(256, 256, layout: SiteLayout.Interleaved))[0].Entropies, BetweenDraws);
    }

    [Fact]
    public void Interleaved_sites_are_the_digits_in_turn()
    {
        using var scope = NewDisposeScope();
        var matrix = arange(24, dtype: ScalarType.Float64).reshape(1, 4, 6);
        var chain = SiteChain.Of(4, 6, layout: SiteLayout.Interleaved);
        Assert.Equal([2, 2, 2, 3], chain.Sites);
        var expected = Enumerable.Range(0, 24).Select(place =>
        {
            var (r1, c1, r2, c2) = (place / 12, place / 6 % 2, place / 3 % 2, place % 3);
            return (((2.0 * r1) + r2) * 6) + (3 * c1) + c2;
        });
        Assert.Equal(expected, chain.States(matrix).ToVector());
    }

    [Fact]
    public void The_fast_path_stays_accurate_over_sixteen_decades_of_singular_values()
    {
        using var scope = NewDisposeScope();
        var (left, _) = linalg.qr(RandomTensor.Normal(64, 64).to(ScalarType.Float64));
        var (right, _) = linalg.qr(RandomTensor.Normal(64, 64, seed: 2).to(ScalarType.Float64));
        var sigma = pow(10, arange(64, dtype: ScalarType.Float64) / -4);
        var profile = EntropyProfile.Of((left * sigma).matmul(right).unsqueeze(0), SiteChain.Of(64, 64))[0];
        var listed = EntanglementOracle.Read("entanglement-numerics.json").GetProperty("gram_vs_svd_64x64_sigma_10^(-k/4)");
        Assert.Equal(listed.GetProperty("exact_S").GetDouble(), profile.Entropies[5], 1e-12);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var matrix = RandomTensor.Normal(12, 18).unsqueeze(0);
        using var left = RandomTensor.Normal(12, 2);
        using var right = RandomTensor.Normal(2, 18);
        var chain = SiteChain.Of(12, 18, layout: SiteLayout.Interleaved);
        LiveTensors.AssertNoGrowth(() => EntropyProfile.Of(matrix, chain));
        LiveTensors.AssertNoGrowth(() => EntropyProfile.OfProduct(left, right, SiteChain.Of(12, 18)));
    }

    private static (EntropyProfile Profile, double[] LogRanks) BySingularValues(Tensor matrix, SiteChain chain)
    {
        using var scope = NewDisposeScope();
        var collector = new EntropyCollector(1, chain.CutCount);
        var logRanks = new double[chain.CutCount];
        SchmidtSpectra.BySingularValues(chain.States(matrix), chain.Sites, (cut, weights) =>
        {
            collector.Add(cut, weights);
            logRanks[cut - 1] = Math.Log(weights.gt(1e-14 * weights.max()).sum().item<long>());
        });
        return (collector.Profiles()[0], logRanks);
    }
}
