namespace Mirai.Deploy.Tests.Operations;

/// <summary><c>docs/operations.md</c> as its sections and the commands in them.</summary>
internal static class Runbook
{
    public static IReadOnlyList<string> Lines { get; } = File.ReadAllLines(SourceFiles.Find("docs", "operations.md"));

    public static IEnumerable<string> Headings =>
        Lines.Where(line => line.StartsWith('#')).Select(line => line.TrimStart('#', ' '));

    /// <summary>The blocks that are run as they stand, with their section.</summary>
    public static IEnumerable<(string Section, string Script)> Scripts()
    {
        var section = "";
        var inConsole = false;
        List<string>? script = null;
        foreach (var line in Lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (script is not null)
                {
                    yield return (section, string.Join('\n', script));
                }

                inConsole = !inConsole && script is null && line != "```sh";
                script = script is null && line == "```sh" ? [] : null;
            }
            else if (script is not null)
            {
                script.Add(line);
            }
            else if (!inConsole && line.StartsWith('#'))
            {
                section = line.TrimStart('#', ' ');
            }
        }
    }
}
