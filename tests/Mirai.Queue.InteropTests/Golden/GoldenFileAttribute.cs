namespace Mirai.Queue.InteropTests.Golden;

/// <summary>The recording a test replays, or the vectors it checks. A test can read no other, so that the attributes
/// say which files are used.</summary>
/// <param name="path">Path of the file in this folder.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class GoldenFileAttribute(string path) : PropertyAttribute(path)
{
    public string Path { get; } = path;
}
