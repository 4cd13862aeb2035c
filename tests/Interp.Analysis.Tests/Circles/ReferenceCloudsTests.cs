namespace Interp.Analysis.Tests.Circles;

public sealed class ReferenceCloudsTests
{
    /// <summary>The table has eight decimals; sums of 4096 terms keep them.</summary>
    private const double TableRounding = 2e-8;

    public static TheoryData<string> Names => [.. ReferenceClouds.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Rebuilt_clouds_have_the_checksums_of_the_table(string name)
    {
        var cloud = ReferenceClouds.Cloud(name);
        var (x, y) = (cloud.X, cloud.Y);
        (string Column, double Value)[] checks =
        [
            ("x0", x[0]), ("y0", y[0]), ("sum_x", x.Sum()), ("sum_y", y.Sum()),
            ("sum_xx", x.Sum(v => v * v)), ("sum_yy", y.Sum(v => v * v)), ("sum_xy", x.Zip(y, (a, b) => a * b).Sum()),
        ];
        foreach (var (column, value) in checks)
        {
            Assert.True(Math.Abs(value - ReferenceTable.Value(name, column)) < TableRounding, $"{column}: {value:R}");
        }
    }

    [Fact]
    public void There_are_nineteen_clouds() => Assert.Equal(19, ReferenceClouds.Names.Count());
}
