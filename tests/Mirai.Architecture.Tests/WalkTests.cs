using System.Text.RegularExpressions;

namespace Mirai.Architecture.Tests;

/// <summary>The walks of docs/architecture.md name classes that exist, where the page says, and stay short.</summary>
internal sealed partial class WalkTests
{
    private static readonly string Docs = Path.Combine(SourceTree.Root, "docs");
    private static readonly string Page = File.ReadAllText(Path.Combine(Docs, "architecture.md"));

    [TestCase("`POST /api/tasks` to Lua and back", 7)]
    [TestCase("A take to its finish", 9)]
    [TestCase("A tick of a periodic task", 7)]
    public void Walk_CrossesFewClasses(string heading, int limit) =>
        Assert.That(ClassesOf(heading).Count, Is.InRange(limit - 2, limit));

    [TestCase("`POST /api/tasks` to Lua and back")]
    [TestCase("A take to its finish")]
    [TestCase("A tick of a periodic task")]
    public void Walk_NamesClassesThatExist(string heading)
    {
        var missing = ClassesOf(heading).Where(step => !Declares(step.File, step.Name)).Select(step => step.Name);

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Links_LeadToFiles()
    {
        var broken = Link().Matches(Page).Select(link => link.Groups["path"].Value)
            .Where(path => !path.StartsWith("http", StringComparison.Ordinal))
            .Where(path => !Path.Exists(Path.Combine(Docs, path)));

        Assert.That(broken, Is.Empty);
    }

    private static List<(string Name, string File)> ClassesOf(string heading)
    {
        var section = Page.Split($"### {heading}\n")[1].Split("\n#")[0];

        return [.. Step().Matches(section).Select(step => (step.Groups["name"].Value, step.Groups["path"].Value))];
    }

    private static bool Declares(string file, string name)
    {
        var path = Path.Combine(Docs, file);
        return File.Exists(path) && Regex.IsMatch(File.ReadAllText(path), $@"\b(class|record) {name}\b");
    }

    [GeneratedRegex(@"^\d+\. \[(?<name>\w+)\]\((?<path>[^)]+)\)", RegexOptions.Multiline)]
    private static partial Regex Step();

    [GeneratedRegex(@"\]\((?<path>[^)#]+)\)")]
    private static partial Regex Link();
}
