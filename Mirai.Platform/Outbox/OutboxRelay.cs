using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Mirai.Platform.Outbox;

/// <summary>Publishes the outbox while the program runs: the tasks of this process at once, and the tasks that other
/// processes left behind within <see cref="OutboxOptions.PollInterval"/>.</summary>
/// <remarks>The relay starts after every other service, because the host stops no service of a program that failed to
/// start. The relay stops after every other service, with a last pass for the tasks that the last handlers committed.
/// </remarks>
internal sealed partial class OutboxRelay(
    OutboxPublisher publisher, OutboxSignal signal, IOptions<OutboxOptions> options, TimeProvider time,
    ILogger<OutboxRelay> logger)
    : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private bool isFailing;
    private int started;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // A program that stops while it starts has no database to rely on: the next start publishes the tasks.
        if (!cancellationToken.IsCancellationRequested && Interlocked.Exchange(ref started, 1) == 0)
        {
            running = Task.Run(RunAsync, CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await stopping.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // A host may be stopped twice, by its program and by its owner; the other stop disposed of the source.
        }

        await running.WaitAsync(cancellationToken);
    }

    public void Dispose() => stopping.Dispose();

    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            var pass = await PassAsync();
            if (pass.Outage is not null || pass.Claimed < options.Value.BatchSize)
            {
                await PauseAsync(pass.Outage is not null);
            }
        }

        await PassAsync();
    }

    private async Task<OutboxPass> PassAsync()
    {
        OutboxPass pass;
        try
        {
            pass = await publisher.PublishAsync();
        }
        catch (Exception exception)
        {
            pass = new OutboxPass(0, exception);
        }

        LogChange(pass.Outage);
        return pass;
    }

    private async Task PauseAsync(bool hasOutage)
    {
        // The random part keeps many processes from looking, and from coming back after an outage, in step.
        var pause = options.Value.PollInterval * (0.5 + (Random.Shared.NextDouble() / 2));
        try
        {
            await (hasOutage ? Task.Delay(pause, time, stopping.Token) : signal.WaitAsync(pause, time, stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    private void LogChange(Exception? outage)
    {
        if (outage is not null && !isFailing)
        {
            // One line says enough of an outage; a bug needs its stack trace.
            LogFailing(outage.Message, IsOutage(outage) ? null : outage);
        }
        else if (outage is null && isFailing)
        {
            LogRecovered();
        }

        isFailing = outage is not null;
    }

    private static bool IsOutage(Exception exception) =>
        exception is DbException or RedisException or TimeoutException or { InnerException: DbException };

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The outbox cannot publish its tasks. It keeps them and tries again until Redis and the database "
            + "answer: {Reason}")]
    private partial void LogFailing(string reason, Exception? exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The outbox publishes its tasks again")]
    private partial void LogRecovered();
}
