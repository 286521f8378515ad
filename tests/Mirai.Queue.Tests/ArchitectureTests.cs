using System.Reflection;
using System.Text.RegularExpressions;
using Mirai.Queue.Client;

namespace Mirai.Queue.Tests;

/// <summary>Dependencies point one way (design: "root types ← Protocol | Scripts ← Broker ← Client ← Server |
/// Scheduler | Inspector ← Hosting"). Read off the sources: what a file uses is in its using lines and its own
/// namespace.</summary>
internal sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Protocol"] = [],
        ["Scripts"] = [],
        ["Telemetry"] = [],
        ["Broker"] = ["Protocol", "Scripts", "Telemetry"],
        ["Client"] = ["Protocol", "Scripts", "Broker", "Telemetry"],
        ["Server"] = ["Protocol", "Scripts", "Broker", "Client", "Telemetry", "Server.Components"],
        ["Server.Components"] = ["Protocol", "Scripts", "Broker", "Client", "Telemetry", "Server"],
        ["Scheduler"] = ["Protocol", "Scripts", "Broker", "Client", "Telemetry"],
        ["Inspector"] = ["Protocol", "Scripts", "Broker", "Client", "Telemetry"],
        ["Legacy"] =
            ["Protocol", "Scripts", "Broker", "Client", "Server", "Server.Components", "Inspector", "Telemetry"],
        ["Hosting"] =
            ["Protocol", "Scripts", "Broker", "Client", "Server", "Scheduler", "Inspector", "Legacy", "Telemetry"],
    };

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
        var rooms = typeof(QueueClient).Assembly.GetExportedTypes().Select(type => type.Namespace).Distinct();

        Assert.That(rooms, Is.EquivalentTo(new[]
        {
            "Mirai.Queue", "Mirai.Queue.Protocol", "Mirai.Queue.Server", "Mirai.Queue.Scheduler", "Mirai.Queue.Legacy",
            "Mirai.Queue.Inspector", "Mirai.Queue.Hosting", "Mirai.Queue.Telemetry",
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
        .Single(attribute => attribute.Key == "QueueSources").Value!;

    private static string RoomOf(string file)
    {
        var space = Regex.Match(
            File.ReadAllText(file), @"^namespace Mirai\.Queue\.?([\w.]*);", RegexOptions.Multiline);
        return space.Success ? space.Groups[1].Value : "Hosting"; // the Add… extensions sit elsewhere
    }

    private static IEnumerable<string> Uses(string file) => Regex
        .Matches(File.ReadAllText(file), @"^using Mirai\.Queue\.([\w.]+);", RegexOptions.Multiline)
        .Select(use => use.Groups[1].Value);
}
