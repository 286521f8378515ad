using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Driver.Inspect;
using Mirai.Queue.Driver.Output;
using Mirai.Queue.Driver.Redis;

namespace Mirai.Queue.Driver.Commands;

/// <summary>Prints all that the inspector sees, or one task.</summary>
internal sealed class InspectCommand : ICommand
{
    private static readonly FlagNames Names =
        new FlagNames(["queue", "id", "page-size", "page", "history"], []).With(ConnectionFlags.Names.Values);

    public async Task<int> RunAsync(string[] args, JsonLines output, TimeProvider time)
    {
        var flags = Flags.Parse(args, Names);
        var order = InspectOrder.Read(flags);
        await using var connection = await RedisAccess.ConnectAsync(ConnectionFlags.Read(flags));
        var services = new ServiceCollection();
        services.AddMiraiQueue(connection, flags);
        await using var provider = services.BuildServiceProvider();
        var inspector = provider.GetRequiredService<IQueueInspector>();
        if (flags.Text("id") is not { } id)
        {
            output.WriteIndented(await new Inspection(inspector, order).RunAsync());
            return ExitCode.Done;
        }

        return await FindAsync(inspector, order.Queue ?? EnqueueOptions.DefaultQueue, id, output);
    }

    private static async Task<int> FindAsync(IQueueInspector inspector, string queue, string id, JsonLines output)
    {
        try
        {
            if (await inspector.FindTaskAsync(queue, id) is { } task)
            {
                output.Write(TaskInfoJson.Create(task));
                return ExitCode.Done;
            }

            output.Write(new JsonObject { ["error"] = $"queue '{queue}' has no task {id}" });
        }
        catch (InvalidDataException exception)
        {
            output.Write(new JsonObject { ["error"] = exception.Message });
        }

        return ExitCode.Refused;
    }
}
