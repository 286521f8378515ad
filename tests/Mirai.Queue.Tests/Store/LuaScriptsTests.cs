using Mirai.Queue.Store;
using Mirai.Testing;

namespace Mirai.Queue.Tests.Store;

internal sealed class LuaScriptsTests() : LuaScriptContract(typeof(LuaScripts), "asynq:")
{
    public static IEnumerable<string> Files => FilesOf(typeof(LuaScripts).Assembly);

    // Garnet locks the keys that a script declares: all scripts of a queue must name one key in common (docs/wire.md).
    [TestCaseSource(nameof(Files))]
    public void Keys_BeginWithThePendingList_InEveryScriptOfAQueue(string file)
    {
        var first = Header(file).Split('\n').FirstOrDefault(
            line => line.Contains("KEYS[1]", StringComparison.Ordinal));

        Assert.That(
            first,
            (IsInclude(file) ? Is.Null.Or : Is.Not.Null.And).Contain("asynq:{<queue>}:pending")
                .Or.Contain("asynq:servers").Or.Contain("asynq:schedulers:").Or.Contain("asynq:scheduler_history:"));
    }
}
