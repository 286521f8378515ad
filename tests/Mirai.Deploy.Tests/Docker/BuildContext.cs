using Microsoft.Extensions.FileSystemGlobbing;

namespace Mirai.Deploy.Tests.Docker;

/// <summary>The files that <c>docker build .</c> sends to the engine: the source tree without what
/// <c>.dockerignore</c> names.</summary>
internal static class BuildContext
{
    // These folders hold many files, and .dockerignore excludes all of them.
    private static readonly string[] Skipped = [".git", ".local", "tests", "bench", "docs", "deploy", "artifacts"];

    /// <summary>The files, relative to the root.</summary>
    public static IReadOnlyList<string> Files()
    {
        var rules = File.ReadAllLines(SourceFiles.Find(".dockerignore"))
            .Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(Rule.Parse).ToList();
        var files = Directory.EnumerateFiles(SourceFiles.Root).Concat(Directory.EnumerateDirectories(SourceFiles.Root)
            .Where(folder => !Skipped.Contains(Path.GetFileName(folder)))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)));

        return [.. files.Select(file => Path.GetRelativePath(SourceFiles.Root, file)).Where(file => IsSent(file, rules))];
    }

    public static void CopyTo(string folder)
    {
        foreach (var file in Files())
        {
            var target = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(SourceFiles.Find(file), target);
        }
    }

    // The last rule that matches decides.
    private static bool IsSent(string file, List<Rule> rules) =>
        rules.FindLast(rule => rule.Matches(file)) is not { IsIgnored: true };

    private sealed record Rule(Matcher Pattern, bool IsIgnored)
    {
        public static Rule Parse(string line)
        {
            var pattern = line.TrimStart('!');
            var matcher = new Matcher(StringComparison.Ordinal);
            matcher.AddInclude(pattern);
            matcher.AddInclude($"{pattern}/**");

            return new Rule(matcher, line[0] != '!');
        }

        public bool Matches(string file) => Pattern.Match(file).HasMatches;
    }
}
