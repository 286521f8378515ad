using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Driver.Output;
using Mirai.Queue.Driver.Redis;
using Mirai.Queue.Driver.Schedule;
using Mirai.Queue.Driver.Work;
using StackExchange.Redis;

namespace Mirai.Queue.Driver.Commands;

/// <summary>Runs a scheduler with one periodic task for a while, or until it is told to stop.</summary>
internal sealed class ScheduleCommand : ICommand
{
    private static readonly FlagNames Names = ScheduleFlags.Names.With(ConnectionFlags.Names.Values);

    public async Task<int> RunAsync(string[] args, JsonLines output, TimeProvider time)
    {
        var flags = Flags.Parse(args, Names);
        var task = ReadTask(flags);
        var duration = ScheduleFlags.ReadDuration(flags);
        await using var connection = await RedisAccess.ConnectAsync(ConnectionFlags.Read(flags));

        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = Signals.On(PosixSignal.SIGTERM, () => stop.TrySetResult());
        using var interrupt = Signals.On(PosixSignal.SIGINT, () => stop.TrySetResult());
        var report = new ScheduleReport(output);
        using var host = Create(flags, connection, task, report);

        await StartAsync(host);
        report.Register(host.Services.GetRequiredService<IQueueScheduler>().Entries);
        await Signals.WaitAsync(stop.Task, duration, time);
        await host.StopAsync();

        return ExitCode.Done;
    }

    private static IHost Create(
        Flags flags, IConnectionMultiplexer connection, PeriodicTask task, ScheduleReport report)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        WorkHost.AddLogging(builder.Logging);

        // A failed start is told in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        builder.Services.AddMiraiQueue(connection, flags)
            .AddScheduler(options =>
            {
                ScheduleFlags.Apply(flags, options);
                options.AfterEnqueue = (_, enqueued, error) => report.AddAsync(enqueued, error);
            })
            .AddPeriodicTask(task);

        return builder.Build();
    }

    private static PeriodicTask ReadTask(Flags flags)
    {
        try
        {
            return ScheduleFlags.ReadTask(flags);
        }
        catch (ArgumentException exception)
        {
            throw new FlagException(exception.Message);
        }
    }

    // A spec, an option or a setting that is not valid stops a scheduler at its start.
    private static async Task StartAsync(IHost host)
    {
        try
        {
            await host.StartAsync();
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            throw new FlagException(exception.Message);
        }
    }
}
