using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Looks once, as soon as Redis answers, whether it is fit to hold tasks, and says so if it is not.</summary>
internal sealed partial class RedisAdvisor(
    IQueueStore store, RedisRetry retry, TimeProvider time, ILogger<RedisAdvisor> logger)
    : PeriodicComponent(Timeout.InfiniteTimeSpan, startsAtOnce: true, retry, time, logger)
{
    private readonly ILogger logger = logger;

    /// <summary>What Redis said; <see langword="null"/> until it did.</summary>
    public RedisFacts? Facts { get; private set; }

    internal override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        Facts = await store.ReadFactsAsync().ConfigureAwait(false);
        if (Facts.IsTooOld)
        {
            LogVersion(logger, Facts.Version, RedisFacts.OldestSupported);
        }

        if (Facts.DropsTasks)
        {
            LogEviction(logger, Facts.EvictionPolicy!);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Redis {Version} is too old: Mirai needs {Oldest} or later")]
    private static partial void LogVersion(ILogger logger, Version? version, Version oldest);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Redis may drop waiting tasks when its memory is full: its maxmemory-policy is {Policy}. Use " +
            "noeviction, or volatile-lru if a cache shares it")]
    private static partial void LogEviction(ILogger logger, string policy);
}
