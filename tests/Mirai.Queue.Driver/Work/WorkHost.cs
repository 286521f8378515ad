using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Driver.Redis;
using Mirai.Queue.Hosting;
using StackExchange.Redis;

namespace Mirai.Queue.Driver.Work;

/// <summary>A host with a server in it, as an application would have.</summary>
internal static class WorkHost
{
    // What a stopping server does after its handlers: cancel those that are left, write the outcomes.
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(20);

    public static IHost Create(Flags flags, IConnectionMultiplexer connection, DriverHandler handler)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        AddLogging(builder.Logging);
        builder.Services.Configure<HostOptions>(
            host => host.ShutdownTimeout = WorkFlags.Read(flags).ShutdownTimeout + StopMargin);
        var queue = builder.Services.AddMiraiQueue(connection).AddServer(options =>
        {
            WorkFlags.Apply(flags, options);
            options.IsFailure = exception => exception is not SimulatedException { Kind: FailureKind.NotFailure };
        });
        AddHandler(queue, WorkFlags.Types(flags), handler);
        if (WorkFlags.Aggregates(flags))
        {
            queue.AddAggregator(DriverAggregator.Aggregate);
        }

        return builder.Build();
    }

    // Middleware that does not go on to a handler stands in for a handler of every type.
    private static void AddHandler(MiraiQueueBuilder queue, IReadOnlyList<string> types, DriverHandler handler)
    {
        if (types.Count == 0)
        {
            queue.UseMiddleware((context, _) => handler.HandleAsync(context));
        }

        foreach (var type in types)
        {
            queue.AddHandler(type, (context, _) => handler.HandleAsync(context));
        }
    }

    public static void AddLogging(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning);
        logging.Services.Configure<ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
