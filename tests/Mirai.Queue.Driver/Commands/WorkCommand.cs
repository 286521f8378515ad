using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Driver.Output;
using Mirai.Queue.Driver.Redis;
using Mirai.Queue.Driver.Work;

namespace Mirai.Queue.Driver.Commands;

/// <summary>Runs a server until it is told to stop, or has done enough.</summary>
internal sealed class WorkCommand : ICommand
{
    private static readonly FlagNames Names = WorkFlags.Names.With(ConnectionFlags.Names.Values);

    public async Task<int> RunAsync(string[] args, JsonLines output, TimeProvider time)
    {
        var flags = Flags.Parse(args, Names);
        _ = WorkFlags.Read(flags); // a wrong flag must be known before anything is connected
        var exitAfter = ExitAfter.Read(flags);
        var behaviour = HandlerFlags.Read(flags);
        await using var connection = await RedisAccess.ConnectAsync(ConnectionFlags.Read(flags));

        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = Signals.On(PosixSignal.SIGTERM, () => stop.TrySetResult());
        using var interrupt = Signals.On(PosixSignal.SIGINT, () => stop.TrySetResult());
        var report = new WorkReport(output, flags.Switch("quiet"), exitAfter.Tasks, () => stop.TrySetResult(), time);
        using var host = Build(() => WorkHost.Create(flags, connection, new DriverHandler(behaviour, report, time)));
        using var suspend = OnSuspend(host.Services.GetRequiredService<IQueueServer>());

        await host.StartAsync();
        await Signals.WaitAsync(stop.Task, exitAfter.Duration ?? Timeout.InfiniteTimeSpan, time);
        await host.StopAsync();
        report.Complete();

        return ExitCode.Done;
    }

    // What the library refuses (a limit, a blank pattern), it refuses when the server is built: at its first use.
    private static IHost Build(Func<IHost> create)
    {
        try
        {
            var host = create();
            _ = host.Services.GetRequiredService<IQueueServer>();
            return host;
        }
        catch (Exception exception)
            when (exception is OptionsValidationException or ArgumentException or InvalidOperationException)
        {
            throw new FlagException(exception.Message);
        }
    }

    private static PosixSignalRegistration? OnSuspend(IQueueServer server) =>
        OperatingSystem.IsWindows() ? null : Signals.On(PosixSignal.SIGTSTP, () => _ = server.StopTakingAsync());
}
