using Interp.Models.Checkpoints;
using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>What no real model exceeds: a configuration beyond it is damaged or hostile, and is refused before anything is made of it.</summary>
internal static class ConfigLimits
{
    private const int LargestSize = 1 << 26;
    private const long LargestProduct = 1L << 33;

    /// <exception cref="CheckpointException">A size is absurd, or sizes do not fit one another.</exception>
    public static void Check(string path, ModelConfig config)
    {
        (string Name, long Value)[] sizes =
        [
            ("d_model", config.Width), ("heads", config.HeadCount), ("d_head", config.HeadWidth), ("d_mlp", config.MlpWidth), ("vocabulary", config.VocabularySize),
            ("output vocabulary", config.OutputVocabularySize), ("experts", config.ExpertCount), ("heads × d_head", (long)config.HeadCount * config.HeadWidth),
        ];
        foreach (var (name, value) in sizes)
        {
            Require(value <= LargestSize, path, $"{name} is {value}, more than any model has");
        }

        Require((long)config.Width * config.HeadCount * config.HeadWidth <= LargestProduct, path, $"d_model {config.Width} and {config.HeadCount} heads of {config.HeadWidth} make absurdly large matrices");
        Require((long)config.Width * Math.Max(config.MlpWidth, config.VocabularySize) <= LargestProduct * 4, path, $"d_model {config.Width} makes absurdly large matrices");
        Require(config.HeadCount % config.KeyValueHeadCount == 0, path, $"{config.KeyValueHeadCount} key/value heads do not divide {config.HeadCount} query heads");
        Require(config.ExpertCount == 0 || config.ExpertsPerToken <= config.ExpertCount, path, $"{config.ExpertsPerToken} experts a token are more than the {config.ExpertCount} there are");
        Require(config.NormEpsilon >= 0, path, "the norm's epsilon is negative");
        foreach (var rotary in new[] { config.Rotary, config.WindowRotary })
        {
            CheckRotary(path, config, rotary);
        }
    }

    private static void CheckRotary(string path, ModelConfig config, RotarySettings? rotary)
    {
        if (rotary is null)
        {
            return;
        }

        Require(
            rotary.Dimensions > 0 && rotary.Dimensions <= config.HeadWidth && rotary.Dimensions % 2 == 0,
            path,
            $"{rotary.Dimensions} rotated dimensions do not fit a head of {config.HeadWidth}: an even number up to it is needed");
        Require(rotary.Base > 0 && rotary.Factor > 0, path, "the rotation's base and factor must be positive");
    }

    private static void Require(bool holds, string path, string problem)
    {
        if (!holds)
        {
            throw new CheckpointException($"{path}: {problem}");
        }
    }
}
