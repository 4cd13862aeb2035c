namespace Interp.Workbench.Tests.Architecture;

public sealed class HouseStyleTests
{
    /// <summary>A file is one thing; past this length it is nearly always two.</summary>
    private const int LongestFileLines = 400;

    [Fact]
    public void No_source_file_is_longer_than_the_house_allows()
    {
        var tooLong = Repository.SourceFiles
            .Select(file => (File: file, Lines: Repository.Read(file).AsSpan().Count('\n')))
            .Where(entry => entry.Lines > LongestFileLines);
        Assert.Empty(tooLong);
    }

    [Theory]
    [InlineData("NotImplementedException")]
    [InlineData("#region")]
    public void Source_files_hold_no_unfinished_or_hidden_parts(string mark)
    {
        var marked = Repository.SourceFiles
            .Where(file => !file.EndsWith("HouseStyleTests.cs", StringComparison.Ordinal))
            .Where(file => Repository.Read(file).Contains(mark, StringComparison.Ordinal));
        Assert.Empty(marked);
    }
}
