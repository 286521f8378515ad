using System.Text.RegularExpressions;
using Mirai.Faults.Tests.Harness;

namespace Mirai.Faults.Tests;

/// <summary>docs/failure.md names the classes that play its promises.</summary>
internal sealed partial class PromiseTests
{
    [Test]
    public void Document_NamesEveryScenario_AndNoOther()
    {
        var document = File.ReadAllText(Path.Combine(BuildFolders.Root, "docs", "failure.md"));
        var scenarios = typeof(PromiseTests).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Tests", StringComparison.Ordinal) && type != typeof(PromiseTests));

        Assert.That(
            NamesOfClasses().Matches(document).Select(match => match.Groups[1].Value).Distinct(),
            Is.EquivalentTo(scenarios.Select(type => type.Name)));
    }

    [GeneratedRegex("`([A-Z][A-Za-z]+Tests)`")]
    private static partial Regex NamesOfClasses();
}
