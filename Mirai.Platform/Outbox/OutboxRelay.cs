using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Mirai.Platform.Outbox;

/// <summary>Publishes the outbox as long as the program runs: at once what this process commits, and what others left
/// behind within <see cref="OutboxOptions.PollInterval"/>.</summary>
/// <remarks>It begins when all else has started, since a program that cannot start leaves nobody to stop it; it ends
/// when all else has stopped, with what the last handlers committed.</remarks>
internal sealed partial class OutboxRelay(
    OutboxPublisher publisher, OutboxSignal signal, IOptions<OutboxOptions> options, TimeProvider time,
    ILogger<OutboxRelay> logger)
    : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private bool isAway;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        running = Task.Run(RunAsync, CancellationToken.None);
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
            // A host may be stopped twice, by its program and by whoever owns it; the other was faster.
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

        Note(pass.Outage);
        return pass;
    }

    private async Task PauseAsync(bool hasOutage)
    {
        // Many processes must not look, or come back, in step.
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

    private void Note(Exception? outage)
    {
        if (outage is not null && !isAway)
        {
            // What is away says enough in one line; a bug needs its stack trace.
            LogAway(outage.Message, IsOutage(outage) ? null : outage);
        }
        else if (outage is null && isAway)
        {
            LogBack();
        }

        isAway = outage is not null;
    }

    private static bool IsOutage(Exception exception) =>
        exception is DbException or RedisException or TimeoutException or { InnerException: DbException };

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The outbox cannot publish its tasks; they are kept, and tried again. {Reason}")]
    private partial void LogAway(string reason, Exception? exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The outbox publishes again")]
    private partial void LogBack();
}
