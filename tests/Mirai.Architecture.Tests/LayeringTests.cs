using Mono.Cecil;

namespace Mirai.Architecture.Tests;

/// <summary>Dependencies point one way, as docs/architecture.md draws them. Read from compiled symbols.</summary>
internal sealed class LayeringTests
{
    private const string Root = "";

    // The rooms of a project from the lowest to the highest; rooms of one line may not know each other. Server has rooms
    // of its own, which Namespaces_FormNoCycle keeps in order.
    private static readonly string[][] RoomsOfQueue =
    [
        [Root], ["Telemetry", "Wire"], ["Store"], ["Client", "Looping"], ["Server", "Scheduler", "Inspector"], ["Hosting"],
    ];

    private static readonly string[][] RoomsOfCache =
    [
        [Root], ["Entries", "Telemetry"], ["Store"], ["Degradation", "Local"], ["Locks"], ["Filling"], ["Client"],
        ["Adapters"], ["Hosting"],
    ];

    private static readonly string[][] RoomsOfPlatform =
    [
        [Root], ["Library", "Database", "Changes"], ["Cleanup"], ["Outbox"], ["Registrations"], ["Payments"], ["Documents"],
        ["Extraction"], ["Courses"], ["Generation"], ["Hosting"],
    ];

    private static IEnumerable<TestCaseData> Rooms() =>
    [
        new("Mirai.Queue", RoomsOfQueue), new("Mirai.Cache", RoomsOfCache), new("Mirai.Platform", RoomsOfPlatform),
    ];

    private static IEnumerable<SourceTree.Project> Products => SourceTree.Products;

    [TestCaseSource(nameof(Products))]
    public void Namespaces_FormNoCycle(SourceTree.Project project) =>
        Assert.That(NamespaceGraph.Read(project.AssemblyPath).FindCycles(), Is.Empty);

    [TestCaseSource(nameof(Rooms))]
    public void Rooms_UseOnlyWhatLiesBelow(string project, string[][] rooms)
    {
        var graph = NamespaceGraph.Read(SourceTree.Find(project).AssemblyPath);
        var wrong =
            from user in graph.Namespaces
            from used in graph.UsedBy(user)
            let upper = RoomOf(project, user)
            let lower = RoomOf(project, used)
            where upper != lower && LevelOf(rooms, upper) <= LevelOf(rooms, lower)
            select graph.Explain(user, used);

        Assert.That(wrong, Is.Empty);
    }

    [TestCaseSource(nameof(Rooms))]
    public void Rooms_AreThoseOfTheDesign(string project, string[][] rooms)
    {
        var folders = Directory.GetDirectories(Path.Combine(SourceTree.Root, project)).Select(Path.GetFileName)
            .Where(name => name is not ("bin" or "obj"));

        Assert.That(folders, Is.EquivalentTo(rooms.SelectMany(level => level).Where(room => room != Root)));
    }

    // Each line: a project, and the projects that it may know.
    [TestCase("Mirai.Redis")]
    [TestCase("Mirai.Queue", "Mirai.Redis")]
    [TestCase("Mirai.Cache", "Mirai.Redis")]
    [TestCase("Mirai.Queue.Legacy", "Mirai.Queue", "Mirai.Redis")]
    [TestCase("Mirai.Cache.AspNetCore", "Mirai.Cache", "Mirai.Redis")]
    [TestCase("Mirai.Platform", "Mirai.Queue", "Mirai.Queue.Legacy", "Mirai.Cache", "Mirai.Redis")]
    [TestCase("Mirai.Hosting", "Mirai.Platform", "Mirai.Queue", "Mirai.Queue.Legacy", "Mirai.Cache")]
    [TestCase("Mirai.Worker", "Mirai.Hosting", "Mirai.Platform", "Mirai.Queue", "Mirai.Queue.Legacy", "Mirai.Cache")]
    [TestCase("Mirai.Api", "Mirai.Hosting", "Mirai.Platform", "Mirai.Queue", "Mirai.Queue.Legacy", "Mirai.Cache",
        "Mirai.Cache.AspNetCore")]
    public void Project_KnowsOnlyWhatLiesBelow(string name, params string[] below)
    {
        using var module = ModuleDefinition.ReadModule(SourceTree.Find(name).AssemblyPath);

        Assert.That(
            module.AssemblyReferences.Select(reference => reference.Name)
                .Where(reference => reference.StartsWith("Mirai.", StringComparison.Ordinal)),
            Is.SubsetOf(below));
    }

    [TestCase("Mirai.Queue")]
    [TestCase("Mirai.Cache")]
    [TestCase("Mirai.Queue.Legacy")]
    [TestCase("Mirai.Platform")]
    public void Library_KnowsNoAspNet(string name)
    {
        using var module = ModuleDefinition.ReadModule(SourceTree.Find(name).AssemblyPath);

        Assert.That(
            module.AssemblyReferences.Select(reference => reference.Name),
            Has.None.StartsWith("Microsoft.AspNetCore"));
    }

    [Test]
    public void Database_KnowsNoDomain() => Assert.That(
        NamespaceGraph.Read(SourceTree.Find("Mirai.Platform").AssemblyPath).UsedBy("Mirai.Platform.Database"), Is.Empty);

    [Test]
    public void Programs_SeePublicSurfacesOnly()
    {
        string[] programs = ["Mirai.Api", "Mirai.Worker", "Mirai.Local", "Mirai.Hosting", "Mirai.Queue.Driver"];
        var open =
            from project in Products
            from friend in FriendsOf(project)
            where programs.Contains(friend)
            select $"{project} shows its internals to {friend}";

        Assert.That(open, Is.Empty);
    }

    // A user looks for types in few namespaces.
    [TestCase("Mirai.Queue", "Mirai.Queue", "Mirai.Queue.Hosting", "Mirai.Queue.Telemetry")]
    [TestCase("Mirai.Cache", "Mirai.Cache", "Mirai.Cache.Hosting", "Mirai.Cache.Telemetry")]
    [TestCase("Mirai.Queue.Legacy", "Mirai.Queue.Legacy")]
    [TestCase("Mirai.Cache.AspNetCore", "Mirai.Cache.AspNetCore")]
    [TestCase("Mirai.Redis")]
    public void PublicTypes_LieWhereAUserLooks(string name, params string[] namespaces)
    {
        using var module = ModuleDefinition.ReadModule(SourceTree.Find(name).AssemblyPath);

        Assert.That(
            module.Types.Where(type => type.IsPublic).Select(type => type.Namespace).Distinct(),
            Is.SubsetOf(namespaces.Append("Microsoft.Extensions.DependencyInjection")));
    }

    private static int LevelOf(string[][] rooms, string room) => Array.FindIndex(rooms, level => level.Contains(room));

    private static string RoomOf(string project, string name) => name == project ? Root
        : name.StartsWith($"{project}.", StringComparison.Ordinal) ? name[(project.Length + 1)..].Split('.')[0]
        : "Hosting"; // the Add… extensions sit in Microsoft.Extensions.DependencyInjection

    private static List<string> FriendsOf(SourceTree.Project project)
    {
        using var module = ModuleDefinition.ReadModule(project.AssemblyPath);

        return [.. module.Assembly.CustomAttributes
            .Where(attribute => attribute.AttributeType.Name == "InternalsVisibleToAttribute")
            .Select(attribute => (string)attribute.ConstructorArguments[0].Value)];
    }
}
