using Mirai.Cache.Store;
using Mirai.Cache.Telemetry;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Mirai.Cache.Degradation;

/// <summary>The way to Redis for everything that a caller waits for: closed at once while Redis is away.</summary>
internal sealed class RedisGate(
    TimedRedis redis, Availability availability, CircuitBreaker breaker, CacheMetrics metrics,
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

        if (!RedisFaults.TryInterpret(outcome.Exception, out var kind))
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
            // It opened again just before callers were let through.
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

    // A single failure says little, and the next caller may be a minute away: ask once more. Who does not answer that
    // either is away, however many calls went well just before.
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
            availability.Degrade("two calls in a row were not answered");
        }

        Volatile.Write(ref probing, 0);
    }
}
