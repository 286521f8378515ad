using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Driver.Enqueue;
using Mirai.Queue.Driver.Output;
using Mirai.Queue.Driver.Redis;
using StackExchange.Redis;

namespace Mirai.Queue.Driver.Commands;

/// <summary>Enqueues one task or many, and prints what became of each.</summary>
internal sealed class EnqueueCommand : ICommand
{
    private static readonly FlagNames Names = new FlagNames([], ["many", "quiet"])
        .With(ConnectionFlags.Names.Values)
        .With(TaskFlags.Names)
        .With("n", "concurrency");

    public async Task<int> RunAsync(string[] args, JsonLines output, TimeProvider time)
    {
        var flags = Flags.Parse(args, Names);
        var order = EnqueueOrder.Read(flags);
        await using var connection = await RedisAccess.ConnectAsync(ConnectionFlags.Read(flags));
        var services = new ServiceCollection();
        services.AddMiraiQueue(connection, flags);
        await using var provider = services.BuildServiceProvider();
        var report = new EnqueueReport(output, order.IsQuiet, time);

        await new Enqueuer(provider.GetRequiredService<IQueueClient>(), report, time).RunAsync(order);
        report.Complete();

        return report.Broken is { } broken ? throw new RedisException(broken.Message, broken)
            : report.Refused > 0 ? ExitCode.Refused
            : ExitCode.Done;
    }
}
