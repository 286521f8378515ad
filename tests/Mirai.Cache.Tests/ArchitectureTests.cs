using System.Reflection;
using System.Text.RegularExpressions;

namespace Mirai.Cache.Tests;

/// <summary>Dependencies point one way: root ← Entries | Telemetry ← Store ← Degradation | Local ← Locks ← Filling ←
/// Client ← Adapters ← Hosting. Read from the sources.</summary>
internal sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Entries"] = [],
        ["Telemetry"] = [],
        ["Store"] = ["Entries"],
        ["Local"] = ["Store", "Telemetry"],
        ["Degradation"] = ["Store", "Telemetry"],
        ["Locks"] = ["Store", "Degradation", "Telemetry"],
        ["Filling"] = ["Entries", "Store", "Degradation", "Local", "Locks", "Telemetry"],
        ["Client"] = ["Entries", "Store", "Degradation", "Local", "Locks", "Filling", "Telemetry"],
        ["Adapters"] = ["Client"],
        ["Hosting"] = ["Entries", "Adapters", "Client", "Telemetry"],
    };

    [Test]
    public void Cache_DoesNotKnowTheQueue_NorTheQueueTheCache()
    {
        var cache = typeof(ICache).Assembly.GetReferencedAssemblies().Select(name => name.Name);
        var queue = typeof(Queue.IQueueClient).Assembly.GetReferencedAssemblies().Select(name => name.Name);

        Assert.That(cache, Has.None.StartsWith("Mirai.Queue").And.None.StartsWith("Microsoft.AspNetCore"));
        Assert.That(queue, Has.None.StartsWith("Mirai.Cache"));
    }

    [Test]
    public void Namespaces_UseOnlyWhatLiesBelow()
    {
        var wrong =
            from file in SourceFiles()
            let room = RoomOf(file)
            where room.Length > 0
            from use in Uses(file)
            where use != room && !MayUse[room].Contains(use)
            select $"{Path.GetFileName(file)} ({room}) uses {use}";

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Rooms_AreAllKnown() => Assert.That(
        SourceFiles().Select(RoomOf).Where(room => room.Length > 0).Distinct().Except(MayUse.Keys), Is.Empty);

    [Test]
    public void Files_StayReadable()
    {
        var lengths = SourceFiles()
            .Select(file => (Path.GetFileName(file), Lines: File.ReadLines(file).Count())).ToList();

        Assert.That(lengths.Where(file => file.Lines > 400), Is.Empty);
        Assert.That(lengths.Count(file => file.Lines > 200), Is.LessThanOrEqualTo(lengths.Count / 10));
    }

    [Test]
    public void PublicSurface_HasNoRoomForInternals()
    {
        var rooms = typeof(ICache).Assembly.GetExportedTypes().Select(type => type.Namespace).Distinct();

        Assert.That(rooms, Is.EquivalentTo(new[]
        {
            "Mirai.Cache", "Mirai.Cache.Hosting", "Mirai.Cache.Telemetry",
            "Microsoft.Extensions.DependencyInjection",
        }));
    }

    private static IEnumerable<string> SourceFiles() => Directory
        .EnumerateFiles(Root(), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains(
            $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.Contains(
                $"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string Root() => typeof(ArchitectureTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "CacheSources").Value!;

    private static string RoomOf(string file)
    {
        var space = Regex.Match(
            File.ReadAllText(file), @"^namespace Mirai\.Cache\.?([\w.]*);", RegexOptions.Multiline);
        return space.Success ? space.Groups[1].Value : "Hosting"; // the Add… extensions sit elsewhere
    }

    private static IEnumerable<string> Uses(string file) => Regex
        .Matches(File.ReadAllText(file), @"^using Mirai\.Cache\.([\w.]+);", RegexOptions.Multiline)
        .Select(use => use.Groups[1].Value);
}
