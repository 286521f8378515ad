using System.Text.RegularExpressions;

namespace Mirai.Queue.InteropTests.Keyspaces;

/// <summary>Names that differ from run to run: servers (host, process, random id), and task ids that nobody
/// chose.</summary>
internal sealed partial class RunNames
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    /// <summary>From now on <paramref name="drawn"/> reads as <paramref name="recorded"/>.</summary>
    public void Equate(string drawn, string recorded) => names[drawn] = recorded;

    public string Apply(string text) => Server().Replace(
        names.Aggregate(text, (current, name) => current.Replace(name.Key, name.Value, StringComparison.Ordinal)),
        "{server}");

    [GeneratedRegex("""\{[^{}:]+:\d+:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}""")]
    private static partial Regex Server();
}
