using System.Globalization;
using Microsoft.Extensions.Options;
using Mirai.Api.Security;
using Mirai.Queue;
using StackExchange.Redis;

namespace Mirai.Api.Audit;

/// <summary>Records the actions of operators: in the log, and in a stream of Redis, which operators read with
/// <c>XREVRANGE</c>.</summary>
internal sealed partial class AuditLog(
    IServiceProvider services, IOptions<QueueOptions> queue, TimeProvider time, ILogger<AuditLog> logger)
{
    public const string Stream = "mirai:audit";

    // Some megabytes. The log has the older records.
    private const int MaxRecords = 10_000;

    // The action is done: its record must not delay the answer for longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // One connection per address, which the queue owns.
    private readonly Func<Task<IConnectionMultiplexer>> connect =
        services.GetRequiredKeyedService<Func<Task<IConnectionMultiplexer>>>(queue.Value.RedisUrl);

    /// <summary>Runs an action, and records it with its result.</summary>
    /// <param name="http">Its request.</param>
    /// <param name="action">What it asks for.</param>
    /// <param name="target">Of which queue or task.</param>
    /// <param name="run">Does it, and returns how many were touched.</param>
    public async Task<T> RunAsync<T>(
        HttpContext http, string action, string target, Func<CancellationToken, Task<(T Result, long Count)>> run)
    {
        var who = new Caller(http.User).Name;
        try
        {
            var (result, count) = await run(http.RequestAborted);
            await WriteAsync(new AuditRecord(who, action, target, count, "done"));
            return result;
        }
        catch (Exception exception)
        {
            // Not the message, which may quote a payload.
            await WriteAsync(new AuditRecord(who, action, target, 0, exception.GetType().Name));
            throw;
        }
    }

    /// <summary>Runs an action on one task or queue, and records it with its result.</summary>
    public Task RunAsync(HttpContext http, string action, string target, Func<CancellationToken, Task> run) =>
        RunAsync(http, action, target, async cancellationToken =>
        {
            await run(cancellationToken);
            return (Result: true, Count: 1);
        });

    private async Task WriteAsync(AuditRecord record)
    {
        LogAction(record.Who, record.Action, record.Target, record.Count, record.Outcome);
        try
        {
            await AddAsync(record).WaitAsync(Patience, time);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            LogLost(exception.Message);
        }
    }

    private async Task AddAsync(AuditRecord record)
    {
        var connection = await connect();
        await connection.GetDatabase().StreamAddAsync(
            Stream,
            [
                new("at", time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)), new("who", record.Who),
                new("action", record.Action), new("target", record.Target), new("count", record.Count),
                new("outcome", record.Outcome),
            ],
            messageId: null, maxLength: MaxRecords, useApproximateMaxLength: true);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Audit: {Who} {Action} {Target}: {Count}, {Outcome}")]
    private partial void LogAction(string who, string action, string target, long count, string outcome);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The audit stream in Redis could not be written: only this log records the action. {Reason}")]
    private partial void LogLost(string reason);
}

/// <summary>One action of an operator.</summary>
/// <param name="Who">The caller.</param>
/// <param name="Action">For instance <c>queue.pause</c>.</param>
/// <param name="Target">For instance <c>critical</c>, or <c>critical/8a7d…</c>.</param>
/// <param name="Count">How many queues or tasks were touched.</param>
/// <param name="Outcome"><c>done</c>, or why not.</param>
internal sealed record AuditRecord(string Who, string Action, string Target, long Count, string Outcome);
