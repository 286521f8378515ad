using Mono.Cecil;

namespace Mirai.Architecture.Tests;

/// <summary>Dependencies point one way, as docs/architecture.md draws them. Read from compiled symbols.</summary>
internal sealed class LayeringTests
{
    private const string Root = "";

    // root ← Wire ← Store ← Client, Looping ← Server | Scheduler | Inspector ← Hosting; Telemetry knows the root only.
    private static readonly Dictionary<string, string[]> RoomsOfQueue = new()
    {
        [Root] = [],
        ["Telemetry"] = [Root],
        ["Wire"] = [Root],
        ["Store"] = [Root, "Telemetry", "Wire"],
        ["Looping"] = [Root, "Telemetry", "Wire", "Store"],
        ["Client"] = [Root, "Telemetry", "Wire", "Store"],
        ["Server"] = [Root, "Telemetry", "Wire", "Store", "Client", "Looping"],
        ["Scheduler"] = [Root, "Telemetry", "Wire", "Store", "Client", "Looping"],
        ["Inspector"] = [Root, "Telemetry", "Wire", "Store", "Client", "Looping"],
        ["Hosting"] = [Root, "Telemetry", "Wire", "Store", "Client", "Looping", "Server", "Scheduler", "Inspector"],
    };

    private static IEnumerable<SourceTree.Project> Products => SourceTree.Products;

    [TestCaseSource(nameof(Products))]
    public void Namespaces_FormNoCycle(SourceTree.Project project) =>
        Assert.That(NamespaceGraph.Read(project.AssemblyPath).FindCycles(), Is.Empty);

    [Test]
    public void RoomsOfTheQueue_UseOnlyWhatLiesBelow()
    {
        var graph = NamespaceGraph.Read(SourceTree.Find("Mirai.Queue").AssemblyPath);
        var wrong =
            from user in graph.Namespaces.Where(name => name.StartsWith("Mirai.Queue", StringComparison.Ordinal))
            from used in graph.UsedBy(user)
            where RoomOf(user) != RoomOf(used) && !RoomsOfQueue[RoomOf(user)].Contains(RoomOf(used))
            select graph.Explain(user, used);

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void RoomsOfTheQueue_AreThoseOfTheDesign()
    {
        var rooms = Directory.GetDirectories(Path.Combine(SourceTree.Root, "Mirai.Queue")).Select(Path.GetFileName)
            .Where(name => name is not ("bin" or "obj"));

        Assert.That(rooms, Is.EquivalentTo(RoomsOfQueue.Keys.Where(room => room != Root)));
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

    private static string RoomOf(string name) => name switch
    {
        "Mirai.Queue" => Root,
        _ when name.StartsWith("Mirai.Queue.", StringComparison.Ordinal) => name.Split('.')[2],
        _ => "Hosting", // the Add… extensions sit in Microsoft.Extensions.DependencyInjection
    };

    private static List<string> FriendsOf(SourceTree.Project project)
    {
        using var module = ModuleDefinition.ReadModule(project.AssemblyPath);

        return [.. module.Assembly.CustomAttributes
            .Where(attribute => attribute.AttributeType.Name == "InternalsVisibleToAttribute")
            .Select(attribute => (string)attribute.ConstructorArguments[0].Value)];
    }
}
