using Mirai.Cache.Store;
using Mirai.Cache.Telemetry;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Mirai.Cache.Degradation;

/// <summary>The path to Redis for every call that a caller waits for. While Redis is away, calls fail at
/// once.</summary>
internal sealed class RedisGate(
    DirectRedis redis, Availability availability, CircuitBreaker breaker, CacheMetrics metrics,
    TimeProvider time) : IRedisCaller
{
    private const string Probe = "probe";

    private int probing;

    public async ValueTask<Answer<T>> AskAsync<TState, T>(
        string operation, TState state, Func<IDatabase, TState, Task<T>> call, CancellationToken cancellationToken)
    {
        if (!availability.IsOpen)
        {
            metrics.Bypassed(operation);
            return Answer<T>.Lost;
        }

        var started = time.GetTimestamp();
        var outcome = await TryAsync(state, call, cancellationToken).ConfigureAwait(false);
        Measure(operation, started, outcome.Exception);
        if (outcome.Exception is null)
        {
            availability.Answered();
            return Answer<T>.Given(outcome.Result!);
        }

        if (!CacheFaults.TryInterpret(outcome.Exception, out var kind))
        {
            outcome.ThrowIfException();
        }

        metrics.Error(operation, RedisFaults.NameOf(outcome.Exception));
        if (RedisFaults.IsAway(outcome.Exception))
        {
            StartProbe();
        }
        else if (outcome.Exception is BrokenCircuitException)
        {
            // The circuit opened again just before the recovery let callers through.
            availability.Degrade(outcome.Exception.Message);
        }
        else if (kind == AnswerKind.Refused)
        {
            availability.Answered();
        }

        return new Answer<T>(kind, default);
    }

    private async ValueTask<Outcome<T>> TryAsync<TState, T>(
        TState state, Func<IDatabase, TState, Task<T>> call, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        try
        {
            return await breaker.Pipeline.ExecuteOutcomeAsync(
                static async (context, ask) =>
                {
                    try
                    {
                        return Outcome.FromResult(
                            await ask.redis.CallAsync(ask.state, ask.call, context.CancellationToken)
                                .ConfigureAwait(false));
                    }
                    catch (Exception exception)
                    {
                        return Outcome.FromException<T>(exception);
                    }
                },
                context,
                (redis, state, call)).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private void Measure(string operation, long started, Exception? exception)
    {
        if (metrics.MeasuresOperations)
        {
            metrics.Operation(
                operation, time.GetElapsedTime(started), exception is null ? null : RedisFaults.NameOf(exception));
        }
    }

    // A single failure proves little, and the next call may come a minute later: call once more. When this call fails
    // as well, Redis is away, however many calls succeeded just before.
    private void StartProbe()
    {
        if (Interlocked.CompareExchange(ref probing, 1, 0) == 0)
        {
            _ = ProbeAsync();
        }
    }

    private async Task ProbeAsync()
    {
        var answer = await AskAsync(Probe, 0, static (database, _) => database.PingAsync(), CancellationToken.None)
            .ConfigureAwait(false);
        if (answer.Kind == AnswerKind.Lost)
        {
            availability.Degrade("Redis did not answer two calls in a row");
        }

        Volatile.Write(ref probing, 0);
    }
}
