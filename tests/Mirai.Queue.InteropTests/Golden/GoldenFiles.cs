using System.Reflection;
using System.Text.Json.Nodes;

namespace Mirai.Queue.InteropTests.Golden;

/// <summary>What real Go Asynq wrote: copies of the files, each as it was recorded.</summary>
internal static class GoldenFiles
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    /// <summary>The paths of all files.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The paths that tests name.</summary>
    public static IReadOnlySet<string> Used { get; } = typeof(GoldenFiles).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Prepend<MemberInfo>(type))
        .SelectMany(member => member.GetCustomAttributes<GoldenFileAttribute>())
        .Select(attribute => attribute.Path)
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Reads the file that the running test names.</summary>
    public static JsonObject ReadForTest() => Read(PathForTest());

    /// <summary>Reads a file for the source of a test's cases, which runs before any test does.</summary>
    public static JsonObject Read(string path) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, path)))!.AsObject();

    // A property attribute is stored under its name without the suffix.
    private static string PathForTest() =>
        (string?)TestContext.CurrentContext.Test.AllPropertyValues("GoldenFile").FirstOrDefault()
        ?? throw new InvalidOperationException("The test has no [GoldenFile].");
}
