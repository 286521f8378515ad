using System.Text.Json.Nodes;
using Google.Protobuf;
using Mirai.Queue.InteropTests.Recordings;
using Mirai.Queue.Wire;
using Mirai.Testing;

namespace Mirai.Queue.InteropTests.Driver;

/// <summary>A test that starts the driver on the Redis of the tests.</summary>
internal abstract class DriverTest : RedisTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Starts a command line: words, some of them in single quotes.</summary>
    protected static DriverProcess Start(string commandLine) => DriverProcess.Start(Arguments(commandLine));

    /// <summary>Runs a command line and expects an exit code.</summary>
    protected static async Task<DriverResult> RunAsync(string commandLine, int exitCode = 0)
    {
        var result = await DriverProcess.RunAsync(Arguments(commandLine));
        Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.Errors);

        return result;
    }

    /// <summary>Puts pending tasks into queue "default" with plain commands, the first to be taken first.</summary>
    protected static async Task AddPendingAsync(params IReadOnlyList<TaskMessage> messages)
    {
        foreach (var message in messages)
        {
            await Redis.HashSetAsync(
                $"asynq:{{default}}:t:{message.Id}",
                [new("msg", message.ToByteArray()), new("state", "pending")]);
            await Redis.ListLeftPushAsync("asynq:{default}:pending", message.Id);
        }
    }

    /// <summary>The ids that wait in queue "default", the next to be taken last.</summary>
    protected static async Task<string[]> PendingAsync() =>
        [.. (await Redis.ListRangeAsync("asynq:{default}:pending")).Select(id => id.ToString())];

    /// <summary>Waits for what the driver does.</summary>
    protected static Task WaitUntilAsync(Func<Task<bool>> condition, string what) =>
        RedisWait.UntilAsync(condition, Patience, what);

    /// <summary>Waits until so many tasks of queue "default" run.</summary>
    protected static Task WaitForActiveAsync(int count) => WaitUntilAsync(
        async () => await Redis.SortedSetLengthAsync("asynq:{default}:lease") == count, $"{count} tasks run");

    /// <summary>Cancels a task until its driver has ended: who does not listen yet, or has not begun, misses
    /// it.</summary>
    protected static Task CancelAsync(DriverProcess driver, string id) => WaitUntilAsync(
        async () => await Redis.ExecuteAsync("PUBLISH", "asynq:cancel", id) is not null && driver.HasExited,
        $"{id} is cancelled");

    /// <summary>Compares a printed line with the expected one, some fields of which any value will do for.</summary>
    protected static void AssertLine(JsonObject line, JsonNode expected, params IReadOnlyList<string> free)
    {
        var (actual, wanted) = (line.DeepClone().AsObject(), expected.DeepClone().AsObject());
        foreach (var name in free)
        {
            Assert.That(actual.ContainsKey(name), Is.EqualTo(wanted.ContainsKey(name)), name);
            actual.Remove(name);
            wanted.Remove(name);
        }

        Assert.That(Sorted(actual), Is.EqualTo(Sorted(wanted)));
    }

    private static IEnumerable<string> Arguments(string commandLine) =>
        [.. ShellWords.Split(commandLine), "-uri", RedisUrl];

    // Objects have no order.
    private static string[] Sorted(JsonObject fields) =>
        [.. fields.Select(field => $"{field.Key}: {Text(field.Value)}").Order(StringComparer.Ordinal)];

    private static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject fields => $"{{{string.Join(", ", Sorted(fields))}}}",
        JsonArray items => $"[{string.Join(", ", items.Select(Text))}]",
        _ => node.ToJsonString(),
    };
}
