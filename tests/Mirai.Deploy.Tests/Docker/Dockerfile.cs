namespace Mirai.Deploy.Tests.Docker;

/// <summary>The instructions of a Dockerfile, in order; continued lines are joined.</summary>
internal sealed class Dockerfile
{
    private Dockerfile(IReadOnlyList<(string Name, string Arguments)> instructions) => Instructions = instructions;

    public IReadOnlyList<(string Name, string Arguments)> Instructions { get; }

    /// <summary>What the last stage consists of: the image that runs.</summary>
    public IEnumerable<(string Name, string Arguments)> Runtime => Instructions.Skip(
        Instructions.Select((instruction, index) => instruction.Name == "FROM" ? index : 0).Max());

    public static Dockerfile Read(string program)
    {
        var text = File.ReadAllText(SourceFiles.Find("deploy", "docker", $"{program}.Dockerfile"));
        var lines = text.Split('\n').Where(line => !line.TrimStart().StartsWith('#'));

        return new Dockerfile([.. string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
            .Select(parts => (parts[0], parts[1]))]);
    }

    /// <summary>The arguments of an instruction of the runtime stage that stands there once.</summary>
    public string Find(string name) => Runtime.Single(instruction => instruction.Name == name).Arguments;

    /// <summary>The shell commands of the build, without what they tell the engine alone.</summary>
    public IEnumerable<string> ShellSteps() => Instructions.Where(instruction => instruction.Name == "RUN")
        .Select(instruction => string.Join(' ', instruction.Arguments
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SkipWhile(word => word.StartsWith("--", StringComparison.Ordinal))));

    public IReadOnlyDictionary<string, string> Environment() => Runtime
        .Where(instruction => instruction.Name == "ENV")
        .SelectMany(instruction => instruction.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
