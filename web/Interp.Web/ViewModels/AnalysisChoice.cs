using Interp.Analysis;

namespace Interp.Web.ViewModels;

/// <summary>One analysis as the list and the form show it.</summary>
/// <param name="Name">The catalogue name.</param>
/// <param name="Title">The heading.</param>
/// <param name="Summary">One sentence: what it finds out.</param>
/// <param name="Sources">What it takes.</param>
/// <param name="OptionsType">Its options record, from which the form is made.</param>
public sealed record AnalysisChoice(string Name, string Title, string Summary, SourceKinds Sources, Type OptionsType)
{
    /// <summary>What it takes, in words.</summary>
    public string SourcesInWords
    {
        get
        {
            var words = new List<string>();
            foreach (var (kind, word) in SourceWords.All)
            {
                if (Sources.HasFlag(kind))
                {
                    words.Add(word);
                }
            }

            return words.Count == 0 ? "nothing" : string.Join(", ", words);
        }
    }
}
