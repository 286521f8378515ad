namespace Mirai.Queue.InteropTests.Golden;

/// <summary>Nothing that was recorded is overlooked.</summary>
internal sealed class GoldenFileCoverageTests
{
    [Test]
    public void EveryFile_IsUsedByATest()
    {
        var overlooked = GoldenFiles.All
            .Where(path => !path.EndsWith("/index.json", StringComparison.Ordinal))
            .Except(GoldenFiles.Used);

        Assert.That(overlooked, Is.Empty);
    }

    [TestCase("v0.26.0/index.json")]
    [TestCase("v0.24.1/index.json")]
    [TestCase("v0.11.0/index.json")]
    public void Index_NamesScenariosThatAreThere(string index)
    {
        var folder = index[..index.IndexOf('/', StringComparison.Ordinal)];
        var named = GoldenFiles.Read(index)["scenarios"]!.AsArray()
            .Select(scenario => $"{folder}/{scenario!["file"]}");

        Assert.That(
            GoldenFiles.All.Where(path => path.StartsWith($"{folder}/scenarios/", StringComparison.Ordinal)),
            Is.EquivalentTo(named));
    }
}
