using Interp.Analysis;
using Interp.Web.ViewModels;

namespace Interp.Web.Tests.ViewModels;

public sealed class AnalysisListTests
{
    [Fact]
    public void Every_analysis_stands_under_a_heading_once()
    {
        var list = new AnalysisList(AnalysisCatalogue.All);
        var groups = AnalysisList.UnderHeadings(list.All).ToList();
        Assert.DoesNotContain("Others", groups.Select(group => group.Key));
        Assert.Equal(list.All.Select(choice => choice.Name).Order(), groups.SelectMany(group => group).Select(choice => choice.Name).Order());
        Assert.Equal("analyze", Assert.Single(groups[0]).Name);
    }
}
