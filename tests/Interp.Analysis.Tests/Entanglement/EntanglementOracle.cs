using System.Text.Json;

namespace Interp.Analysis.Tests.Entanglement;

/// <summary>Reads the reference numbers.</summary>
internal static class EntanglementOracle
{
    public static JsonElement Read(string file) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "entanglement", file))).RootElement;

    public static double[] Numbers(this JsonElement element, string key) => [.. element.GetProperty(key).EnumerateArray().Select(value => value.GetDouble())];

    public static int[] Integers(this JsonElement element, string key) => [.. element.GetProperty(key).EnumerateArray().Select(value => value.GetInt32())];

    public static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
