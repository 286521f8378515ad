using Mirai.Testing;

namespace Mirai.Queue.Legacy.Tests;

internal sealed class LegacyScriptsTests() : LuaScriptContract(typeof(LegacyScripts), "asynq:")
{
    public static IEnumerable<string> Files => FilesOf(typeof(LegacyScripts).Assembly);

    // Garnet locks the keys that a script declares: all scripts of a layout must name one key in common (docs/wire.md).
    [TestCaseSource(nameof(Files))]
    public void Keys_BeginWithTheListOfQueues_OrTheOneOfTheCurrentLayout(string file)
    {
        var first = Header(file).Split('\n').First(line => line.Contains("KEYS[1]", StringComparison.Ordinal));

        Assert.That(first, Does.Match("asynq:queues +set").Or.Contain("asynq:{<queue>}:pending"));
    }
}
