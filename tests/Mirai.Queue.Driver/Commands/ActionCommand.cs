using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Driver.Actions;
using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Driver.Output;
using Mirai.Queue.Driver.Redis;

namespace Mirai.Queue.Driver.Commands;

/// <summary>Does one thing to a task, to all in a state, or to a queue.</summary>
internal sealed class ActionCommand : ICommand
{
    private static readonly FlagNames Names =
        new FlagNames(ActionOrder.Values, ActionOrder.Switches).With(ConnectionFlags.Names.Values);

    public async Task<int> RunAsync(string[] args, JsonLines output, TimeProvider time)
    {
        var action = InspectorActions.Find(args.FirstOrDefault());
        var flags = Flags.Parse(args[1..], Names);
        var order = ActionOrder.Read(flags, action);
        await using var connection = await RedisAccess.ConnectAsync(ConnectionFlags.Read(flags));
        var services = new ServiceCollection();
        services.AddMiraiQueue(connection, flags);
        await using var provider = services.BuildServiceProvider();
        try
        {
            var count = await action.RunAsync(provider.GetRequiredService<IQueueInspector>(), order);
            output.Write(count is null
                ? new JsonObject { ["ok"] = true }
                : new JsonObject { ["ok"] = true, ["count"] = count });

            return ExitCode.Done;
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            output.Write(new JsonObject { ["error"] = exception.Message });
            return ExitCode.Refused;
        }
    }

    private static bool IsRefusal(Exception exception) => exception
        is QueueNotFoundException or QueueNotEmptyException or TaskNotFoundException or TaskStateException
        or PauseException or InvalidDataException or ArgumentException;
}
