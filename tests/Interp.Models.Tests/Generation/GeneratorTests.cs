using Interp.Compute;
using Interp.Models.Generation;
using Interp.Models.Tests.Tokenization;
using Interp.Tests;
using TorchSharp;

namespace Interp.Models.Tests.Generation;

/// <summary>Models that go on with a text.</summary>
public sealed class GeneratorTests
{
    [Fact]
    public void Stories260K_goes_on_as_the_reference_does()
    {
        using var model = LanguageModel.Load(SharedFiles.Require("models", "trained", "stories260K"));
        var expected = File.ReadAllText(SharedFiles.Require("models", "trained", "stories260K", "greedy.txt")).TrimEnd('\n');
        var text = "";
        foreach (var token in new Generator(model).Generate("", new GenerationOptions { MaxNewTokens = 400 }))
        {
            text += token.Text;
            if (text.Length >= expected.Length)
            {
                break;
            }
        }

        Assert.Equal(expected, text[..expected.Length]);
    }
}
