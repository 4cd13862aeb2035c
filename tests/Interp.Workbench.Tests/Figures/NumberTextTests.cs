using Interp.Workbench.Figures;

namespace Interp.Workbench.Tests.Figures;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0.123456, "0.1235")]
    [InlineData(-0.0, "0")]
    [InlineData(1.0, "1")]
    [InlineData(12345.678, "12\u2009346")]
    [InlineData(0.00012347, "1.235e-4")]
    [InlineData(3.99e7, "39\u2009900\u2009000")]
    [InlineData(2.5e20, "2.5e+20")]
    [InlineData(-987.654, "-987.7")]
    [InlineData(double.NaN, "—")]
    public void A_number_has_four_digits_that_count(double number, string text) => Assert.Equal(text, NumberText.Of(number));

    [Theory]
    [InlineData(0.98768, "98.77\u00A0%")]
    [InlineData(1.0, "100\u00A0%")]
    [InlineData(0.0, "0\u00A0%")]
    public void A_share_is_a_percentage(double share, string text) => Assert.Equal(text, NumberText.Percent(share));

    [Fact]
    public void Sizes_and_times_have_the_unit_that_suits_them()
    {
        Assert.Equal(["512 B", "228.6 kB", "4.9 MB"], new long[] { 512, 228_608, 4_851_164 }.Select(NumberText.Bytes));
        Assert.Equal(["1.3 s", "42 s", "4 min 10 s", "2 h 5 min"], new[] { 1.3, 42, 250, 7500 }.Select(s => NumberText.Duration(TimeSpan.FromSeconds(s))));
    }
}
