using Interp.Compute;
using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement.Internal;

/// <summary>
/// Entropy profiles of weights or weight updates read as states of a chain of small sites, against null models. An
/// independent implementation of the idea of arXiv 2601.06788; the options that its text leaves open are listed in the
/// folder's README, with what the profiles do not show.
/// </summary>
public static class EntanglementInternalAnalysis
{
    /// <summary>Squared singular values below this share of the largest do not count for the rank.</summary>
    private const double RankCut = 1e-14;

    /// <summary>Above this share of exact zeros a difference of checkpoints is mostly rounding.</summary>
    private const double SuspiciousZeros = 0.05;

    private const int LargeSite = 1000;

    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<WeightMatrices, EntanglementInternalOptions, EntanglementInternalResult>(
        "entanglement-internal",
        "Entanglement of weights",
        "Entropy profiles of weights read as chains of sites, against random matrices of full rank, of low rank and of the same spectrum.",
        SourceKinds.Model | SourceKinds.Tensor,
        WeightMatrices.Open,
        Run,
        EntanglementInternalFigures.Draw);

    /// <summary>Measures every matrix. Costs about (m n)^1.5 multiplications a matrix, and a singular value decomposition.</summary>
    /// <param name="input">The matrices.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Receives every finished matrix.</param>
    /// <param name="cancellation">Stops between cuts.</param>
    /// <exception cref="InterpException">A tensor is no matrix or holds numbers that are not finite.</exception>
    public static EntanglementInternalResult Run(
        WeightMatrices input, EntanglementInternalOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        var profiles = new List<EntanglementProfile>();
        var undefined = new List<UndefinedMatrix>();
        var warnings = new List<string>();
        for (var number = 0; number < input.Matrices.Count; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new StepProgress("measure weights", number, input.Matrices.Count, "matrices"));
            Measure(input.Matrices[number], options, profiles, undefined, warnings, cancellation);
        }

        var withoutSurrogates = profiles.Count(profile => profile.Boundary > 0 && profile.Surrogates is null);
        if (options.Surrogates > 0 && withoutSurrogates > 0)
        {
            warnings.Add($"{withoutSurrogates} of {profiles.Count} matrices are too large for surrogates; raise the surrogate limit above {options.SurrogateLimit} for them");
        }

        progress?.Report(new StepProgress("measure weights", input.Matrices.Count, input.Matrices.Count, "matrices"));
        return new EntanglementInternalResult { Profiles = profiles, Undefined = undefined, Warnings = warnings };
    }

    private static void Measure(
        WeightMatrix matrix,
        EntanglementInternalOptions options,
        List<EntanglementProfile> profiles,
        List<UndefinedMatrix> undefined,
        List<string> warnings,
        CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var opened = matrix.Open();
        Check(matrix.Name, opened);
        var chain = SiteChain.Of(opened.Rows, opened.Columns, options.PrimeOrder, options.Layout);
        if (IsZero(opened))
        {
            undefined.Add(new UndefinedMatrix(matrix.Name, "all its entries are zero, so it is no state"));
        }
        else if (chain.CutCount == 0)
        {
            undefined.Add(new UndefinedMatrix(matrix.Name, $"[{opened.Rows}, {opened.Columns}] is a single site, so there is no cut"));
        }
        else
        {
            var profile = Profile(matrix, opened, chain, options, cancellation);
            profiles.Add(profile);
            Warn(profile, warnings);
        }
    }

    private static void Check(string name, WeightMatrix.Opened opened)
    {
        foreach (var tensor in new[] { opened.Left, opened.Right })
        {
            if (tensor is null)
            {
                continue;
            }

            if (tensor.dim() != 2 || tensor.numel() == 0)
            {
                throw new ShapeMismatchException(name, "[rows, columns]", tensor.shape);
            }

            if (!tensor.isfinite().all().item<bool>())
            {
                throw new InterpException($"{name} holds numbers that are not finite: the weights are damaged");
            }
        }
    }

    private static bool IsZero(WeightMatrix.Opened opened) =>
        opened.Left.count_nonzero().item<long>() == 0 || opened.Right?.count_nonzero().item<long>() == 0;

    private static EntanglementProfile Profile(
        WeightMatrix matrix, WeightMatrix.Opened opened, SiteChain chain, EntanglementInternalOptions options, CancellationToken cancellation)
    {
        var isProduct = opened.Right is not null && chain.Boundary > 0 && options.Layout == SiteLayout.RowsThenColumns;
        using var dense = isProduct ? null : Dense(opened);
        var entropies = isProduct
            ? EntropyProfile.OfProduct(opened.Left, opened.Right!, chain, cancellation)
            : EntropyProfile.Of(dense!.unsqueeze(0), chain, cancellation)[0];
        var singularValues = SingularValues(opened);
        cancellation.ThrowIfCancellationRequested();
        var weights = singularValues.Select(value => value * value).ToArray();
        var total = weights.Sum();
        var purity = weights.Sum(weight => weight / total * (weight / total));
        var rank = weights.Count(weight => weight > RankCut * weights[0]);
        var isSplit = chain.Boundary > 0;
        var draws = isSplit && SurrogateSize(chain, rank) <= options.SurrogateLimit ? options.Surrogates : 0;
        var valley = Valley.Of(entropies.Entropies, chain.Boundary);
        return new EntanglementProfile
        {
            Name = matrix.Name,
            Step = matrix.Step,
            Rows = chain.Rows,
            Columns = chain.Columns,
            Sites = chain.Sites,
            Boundary = chain.Boundary,
            HeadCut = HeadCut(matrix, chain),
            LogDimensions = [.. chain.LeftDimensions.Select(dimension => Math.Log(dimension))],
            Entropies = entropies.Entropies,
            Renyi2 = entropies.Renyi2,
            MinEntropies = entropies.MinEntropies,
            NullGaussian = NullModels.FullRankReal(chain),
            NullPage = NullModels.FullRank(chain),
            NullLowRank = isSplit ? NullModels.LoraGaussianReal(chain, rank) : null,
            NullLowRankLimit = isSplit ? NullModels.LoraGaussian(chain, rank) : null,
            NullSpectrum = isSplit ? NullModels.SpectrumConditioned(chain, purity) : null,
            Surrogates = draws > 0 ? SurrogateProfiles.Draw(singularValues[..rank], chain, draws, options.Seed, cancellation) : null,
            Rank = rank,
            BoundaryEntropy = valley?.BoundaryEntropy,
            EffectiveRank = valley is null ? null : Math.Exp(valley.BoundaryEntropy),
            RowHump = valley?.RowHump,
            ColumnHump = valley?.ColumnHump,
            Depth = valley?.Depth,
            ZeroFraction = dense is null ? 0 : 1 - ((double)dense.count_nonzero().item<long>() / dense.numel()),
            RelativeNorm = opened.RelativeNorm,
        };
    }

    /// <summary>The side of the largest matrix that a draw solves, √(longer side · rank).</summary>
    private static double SurrogateSize(SiteChain chain, int rank) => Math.Sqrt((double)Math.Max(chain.Rows, chain.Columns) * rank);

    /// <summary>The matrix itself; a product is formed only where its sites are interleaved.</summary>
    private static Tensor Dense(WeightMatrix.Opened opened) => opened.Right is null
        ? opened.Left.alias()
        : opened.Left.to(ScalarType.Float64).matmul(opened.Right.to(ScalarType.Float64));

    /// <summary>The singular values, largest first, up to a common scale; of a product through its two triangles.</summary>
    private static double[] SingularValues(WeightMatrix.Opened opened)
    {
        using var scope = NewDisposeScope();
        var left = EntropyProfile.Scaled(opened.Left.unsqueeze(0)).squeeze(0);
        if (opened.Right is null)
        {
            return linalg.svdvals(left).ToVector();
        }

        var right = EntropyProfile.Scaled(opened.Right.unsqueeze(0)).squeeze(0);
        var (_, leftTriangle) = linalg.qr(left);
        var (_, rightTriangle) = linalg.qr(right.t());
        return linalg.svdvals(leftTriangle.matmul(rightTriangle.t())).ToVector();
    }

    private static int? HeadCut(WeightMatrix matrix, SiteChain chain)
    {
        if (chain.Boundary == 0 || (matrix.RowHeads ?? matrix.ColumnHeads) is not { } heads || heads == 1)
        {
            return null;
        }

        var dimension = matrix.RowHeads is null ? (long)chain.Rows * heads : heads;
        var cut = Array.IndexOf(chain.LeftDimensions, dimension);
        return cut >= 0 ? cut + 1 : null;
    }

    private static void Warn(EntanglementProfile profile, List<string> warnings)
    {
        if (profile.ZeroFraction > SuspiciousZeros && profile.RelativeNorm is { } norm)
        {
            warnings.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{profile.Name}: {profile.ZeroFraction:P0} of the change is exactly zero at a relative norm of {norm:G2}; it is mostly rounding, compare float32 weights"));
        }

        if (profile.Sites.Max() > LargeSite)
        {
            warnings.Add($"{profile.Name}: its dimensions hold the large prime {profile.Sites.Max()}, which stays one site");
        }
    }
}
