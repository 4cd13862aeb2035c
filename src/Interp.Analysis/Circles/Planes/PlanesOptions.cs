using Interp.Analysis.Circles.Mixture;
using Interp.Analysis.Circles.Separability;
using Interp.Compute.Options;

namespace Interp.Analysis.Circles.Planes;

/// <summary>Which planes of labelled points are looked at, and how they are judged.</summary>
public sealed record PlanesOptions
{
    /// <summary>The name of the embedding table among <see cref="Sites"/>.</summary>
    public const string Embedding = "embedding";

    /// <summary>The name of the last residual stream among <see cref="Sites"/>.</summary>
    public const string Residual = "residual";

    /// <summary>Where the points of a model are taken.</summary>
    [Option("Where a model's points are taken: embedding (one point a number), residual (the last stream at the answer, one point a prompt) or a hook's name")]
    public IReadOnlyList<string> Sites { get; init; } = [Residual, Embedding];

    /// <summary>The label of a prompt.</summary>
    [Option("The residue that labels a prompt's point: the answer, either number, or their difference")]
    public ResidueLabel Label { get; init; } = ResidueLabel.Sum;

    /// <summary>The number of labels; 0 takes the model's own modulus, or the rows of a tensor.</summary>
    [Option("The number of labels, which repeat along a tensor's rows; 0 takes the model's modulus or the number of rows", Minimum = 0, Maximum = LabelledPoints.LargestModulus)]
    public int Modulus { get; init; }

    /// <summary>Principal components from which planes are made.</summary>
    [Option("Principal components from which planes are made", Minimum = 2, Maximum = 256, Unit = "components")]
    public int Components { get; init; } = 8;

    /// <summary>Components whose variances are in at least this ratio also make a plane when they do not follow each other.</summary>
    [Option("Components whose variances are at least in this ratio make a plane even when they do not follow each other", Minimum = 0, Maximum = 1, Advanced = true)]
    public double NearEqual { get; init; } = 0.9;

    /// <summary>The share of a label's circle that its own plane must explain to be listed.</summary>
    [Option("Share of a frequency's circle that must be readable from the components for its plane to be listed", Minimum = 0, Maximum = 1)]
    public double MinimumR2 { get; init; } = 0.5;

    /// <summary>The separability from which a plane counts as irreducible.</summary>
    [Option("Separability from which a plane counts as irreducible", Minimum = 0, Unit = "bits")]
    public double MinimumSeparability { get; init; } = 0.7;

    /// <summary>The mixture up to which a plane counts as irreducible.</summary>
    [Option("Mixture up to which a plane counts as irreducible", Minimum = 0, Maximum = 1)]
    public double MaximumMixture { get; init; } = 0.25;

    /// <summary>How closely a plane's angle must follow its frequency.</summary>
    [Option("How closely a plane's angle must follow one frequency of the labels (length of the mean resultant of their differences)", Minimum = 0, Maximum = 1)]
    public double MinimumAngleCorrelation { get; init; } = 0.95;

    /// <summary>How mutual information is estimated.</summary>
    [Option("How mutual information is estimated; values of different estimators are not comparable", Advanced = true)]
    public SeparabilityEstimator Estimator { get; init; } = SeparabilityEstimator.PaperRanking;

    /// <summary>ε of the mixture band.</summary>
    [Option("Half the mixture band's width, over the root mean square distance from the band's middle", Minimum = 0.001, Maximum = 0.9, Advanced = true)]
    public double Epsilon { get; init; } = MixtureIndex.DefaultEpsilon;

    /// <summary>Directions of the mixture scan.</summary>
    [Option("Directions of the mixture scan over half a turn", Minimum = 4, Maximum = 100_000, Unit = "directions", Advanced = true)]
    public int Directions { get; init; } = 720;

    /// <summary>Shuffled clouds behind each plane's null.</summary>
    [Option("Clouds with one coordinate shuffled, measured in the same way for comparison", Minimum = 1, Maximum = 1000, Unit = "draws", Advanced = true)]
    public int NullDraws { get; init; } = 20;

    /// <summary>The seed of the shuffles.</summary>
    [Option("The seed of the shuffles", Minimum = 0)]
    public long Seed { get; init; }
}
