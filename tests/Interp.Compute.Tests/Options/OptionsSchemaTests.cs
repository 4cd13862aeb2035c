using Interp.Compute.Options;

namespace Interp.Compute.Tests.Options;

public sealed class OptionsSchemaTests
{
    private enum Colour
    {
        DeepBlue,
        Red,
    }

    private sealed record Sample
    {
        [Option("How many steps.", Minimum = 1, Maximum = 100, Unit = "steps")]
        public int Steps { get; init; } = 10;

        [Option("The target.", Minimum = 0)]
        public double? TargetL0 { get; init; }

        [Option("The seed.", Advanced = true)]
        public long Seed { get; init; } = 7;

        [Option("Whether to look.")]
        public bool Look { get; init; } = true;

        [Option("A name.")]
        public string Name { get; init; } = "x";

        [Option("Perhaps a folder.")]
        public string? Folder { get; init; }

        [Option("The colour.")]
        public Colour Colour { get; init; } = Colour.DeepBlue;

        [Option("Widths.", Minimum = 2)]
        public IReadOnlyList<int> Widths { get; init; } = [4, 8];

        [Option("Names.")]
        public string[] Hooks { get; init; } = [];

        [Option("Shares.", Minimum = 0, Maximum = 1)]
        public double[] Shares { get; init; } = [0.5];

        public int NotAnOption { get; init; } = 3;
    }

    private static Sample Make(params (string Key, string Text)[] values) =>
        (Sample)OptionsSchema.Create(typeof(Sample), values.ToDictionary(v => v.Key, v => v.Text));

    [Fact]
    public void Options_are_described_in_order_of_declaration()
    {
        var options = OptionsSchema.Describe(typeof(Sample));
        Assert.Equal(
            ["--steps", "--target-l0", "--seed", "--look", "--name", "--folder", "--colour", "--widths", "--hooks", "--shares"],
            options.Select(o => o.Flag));
        Assert.Equal(["10", "", "7", "true", "x", "", "deep-blue", "4,8", "", "0.5"], options.Select(o => o.Default));
        Assert.Equal(
            [OptionKind.Integer, OptionKind.Number, OptionKind.Integer, OptionKind.Switch, OptionKind.Text, OptionKind.Text, OptionKind.Choice, OptionKind.List, OptionKind.List, OptionKind.List],
            options.Select(o => o.Kind));
        Assert.Equal([false, true, false, false, false, true, false, false, false, false], options.Select(o => o.Optional));
        Assert.Equal(("steps", 1.0, 100.0), (options[0].Unit, options[0].Minimum, options[0].Maximum));
        Assert.Equal(["deep-blue", "red"], options[6].Choices);
        Assert.True(options[2].Advanced);
    }

    [Fact]
    public void Values_are_read_by_property_name_or_flag()
    {
        var made = Make(("Steps", "20"), ("--target-l0", "3.5"), ("--colour", "red"), ("Widths", "16, 32"), ("--hooks", "a,b"), ("--look", "false"), ("--shares", "0.25"));
        Assert.Equal((20, 3.5, Colour.Red, false, 7L), (made.Steps, made.TargetL0, made.Colour, made.Look, made.Seed));
        Assert.Equal([16, 32], made.Widths);
        Assert.Equal(["a", "b"], made.Hooks);
        Assert.Equal([0.25], made.Shares);
    }

    [Fact]
    public void Text_values_go_there_and_back()
    {
        var made = Make(("Steps", "20"), ("TargetL0", "0.1"), ("Colour", "Red"), ("Widths", "16"), ("Folder", "d"));
        var again = (Sample)OptionsSchema.Create(typeof(Sample), OptionsSchema.Values(made));
        Assert.Equal(OptionsSchema.Values(made), OptionsSchema.Values(again));
        Assert.DoesNotContain("NotAnOption", OptionsSchema.Values(made).Keys);
    }

    [Fact]
    public void An_empty_text_means_no_value_where_none_is_allowed()
    {
        Assert.Null(Make(("TargetL0", "")).TargetL0);
        Assert.Null(Make(("Folder", "")).Folder);
        Assert.Equal("", Make(("Name", "")).Name);
        Assert.Throws<OptionException>(() => Make(("Steps", "")));
    }

    [Theory]
    [InlineData("Steps", "0", "--steps 0 is out of range: use a value from 1 to 100")]
    [InlineData("Steps", "ten", "--steps ten is no whole number")]
    [InlineData("Steps", "1.5", "--steps 1.5 is no whole number")]
    [InlineData("TargetL0", "-1", "--target-l0 -1 is out of range: use at least 0")]
    [InlineData("TargetL0", "NaN", "--target-l0 NaN is out of range: use at least 0")]
    [InlineData("Look", "maybe", "--look maybe is no true or false")]
    [InlineData("Colour", "green", "--colour green is no choice: use one of deep-blue, red")]
    [InlineData("Colour", "1", "--colour 1 is no choice: use one of deep-blue, red")]
    [InlineData("Widths", "4,1", "--widths 1 is out of range: use at least 2")]
    [InlineData("Seed", "99999999999999999999", "--seed 99999999999999999999 is no whole number")]
    public void A_bad_value_is_named_with_its_range(string name, string text, string message) =>
        Assert.Equal(message, Assert.Throws<OptionException>(() => Make((name, text))).Message);

    [Fact]
    public void An_unknown_name_lists_the_known_ones() =>
        Assert.Contains("there is no option --stepz: the options are --steps", Assert.Throws<OptionException>(() => Make(("--stepz", "1"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Numbers_that_are_not_finite_are_refused_without_a_range()
    {
        Assert.Throws<OptionException>(() => Make(("TargetL0", "Infinity")));
        Assert.Throws<OptionException>(() => OptionsSchema.Validate(new Sample { TargetL0 = double.PositiveInfinity }));
        Assert.Throws<OptionException>(() => OptionsSchema.Validate(new Sample { Colour = (Colour)9 }));
    }

    [Fact]
    public void Large_seeds_keep_every_digit() => Assert.Equal(9007199254740993, Make(("Seed", "9007199254740993")).Seed);
}
