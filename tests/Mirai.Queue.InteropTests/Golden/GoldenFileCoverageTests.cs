namespace Mirai.Queue.InteropTests.Golden;

/// <summary>Nothing that was recorded is overlooked.</summary>
internal sealed class GoldenFileCoverageTests
{
    [Test]
    public void EveryFile_IsUsedByATest_OrListedAsNotYet()
    {
        var overlooked = GoldenFiles.All
            .Where(path => !path.EndsWith("/index.json", StringComparison.Ordinal))
            .Except(GoldenFiles.Used).Except(NotYet.Files.Keys);

        Assert.That(overlooked, Is.Empty, "Use the file in a test, or say in NotYet.cs why not.");
    }

    [Test]
    public void NotYet_ListsOnlyFilesThatAreThereAndUnused() =>
        Assert.That(NotYet.Files.Keys, Is.SubsetOf(GoldenFiles.All.Except(GoldenFiles.Used)));

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
