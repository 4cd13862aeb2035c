using System.CommandLine;
using Interp.Analysis;
using Interp.Cli.Verbs;
using Interp.Workbench.Jobs;

namespace Interp.Cli.Frame;

/// <summary>All verbs: the ones written by hand, and one for each analysis of the catalogue.</summary>
internal static class VerbTree
{
    private static readonly Dictionary<string, string> s_groups = new(StringComparer.Ordinal)
    {
        ["atoms"] = "Sparse autoencoders: train them, measure them, encode with them, convert them.",
        ["circles"] = "Circular features: clusters, planes, indices, Fourier structure.",
        ["entanglement"] = "Artificial entanglement of matrices and of attention.",
    };

    /// <summary>Makes the tree.</summary>
    /// <param name="entries">The analyses, each of which becomes a verb.</param>
    public static RootCommand Create(IReadOnlyList<AnalysisEntry> entries)
    {
        var root = new RootCommand("A workbench for mechanistic interpretability of transformer language models.")
        {
            CommonOptions.Json,
            CommonOptions.Verbose,
            CommonOptions.Workspace,
            new ModelsVerb(),
            new InfoVerb(),
            new TokenizeVerb(),
            new ForwardVerb(),
            new GenerateVerb(),
            new LensVerb(),
            new AttributeVerb(),
            new PatchVerb(),
            new TrainVerb(),
            new FinetuneVerb(),
            new MergeVerb(),
            new AnalyzeVerb(),
            new ReportVerb(),
            new BenchVerb(),
        };
        foreach (var entry in entries)
        {
            Add(root, entry);
        }

        if (root.Subcommands.FirstOrDefault(command => command.Name == "entanglement") is { } entanglement)
        {
            entanglement.Add(EntanglementWeightsVerb.Lora());
            entanglement.Add(EntanglementWeightsVerb.Delta());
        }

        if (root.Subcommands.FirstOrDefault(command => command.Name == "atoms") is { } atoms)
        {
            atoms.Add(new AtomsEncodeVerb());
            atoms.Add(new AtomsConvertVerb());
        }

        return root;
    }

    private static void Add(RootCommand root, AnalysisEntry entry)
    {
        var words = AnalysisVerb.Of(entry.Name).Split(' ');
        Command parent = root;
        foreach (var word in words[..^1])
        {
            if (parent.Subcommands.FirstOrDefault(command => command.Name == word) is not { } group)
            {
                group = new Command(word, s_groups.GetValueOrDefault(word, ""));
                parent.Add(group);
            }

            parent = group;
        }

        parent.Add(new AnalysisRunVerb(words[^1], entry));
    }
}
