using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Driver.Output;
using StackExchange.Redis;

namespace Mirai.Queue.Driver.Commands;

/// <summary>The conformance driver: leads a command line to its command, and an error to its exit code.</summary>
internal static class DriverProgram
{
    private static readonly Dictionary<string, ICommand> Commands = new(StringComparer.Ordinal)
    {
        ["enqueue"] = new EnqueueCommand(),
        ["work"] = new WorkCommand(),
        ["snapshot"] = new SnapshotCommand(),
        ["inspect"] = new InspectCommand(),
        ["action"] = new ActionCommand(),
        ["schedule"] = new ScheduleCommand(),
    };

    public static async Task<int> RunAsync(string[] args, TimeProvider time)
    {
        try
        {
            await using var output = new JsonLines(Console.OpenStandardOutput());
            return await FindCommand(args).RunAsync(args[1..], output, time);
        }
        catch (Exception exception) when (exception is FlagException or RedisException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(exception.Message.ReplaceLineEndings(" "));
            return ExitCode.Wrong;
        }
    }

    private static ICommand FindCommand(string[] args) =>
        args.Length > 0 && Commands.TryGetValue(args[0], out var command)
            ? command
            : throw new FlagException($"the first argument must be a command: {string.Join(", ", Commands.Keys)}");
}
