using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Asks Redis once, as soon as it answers, whether it is fit to hold tasks, and logs when it is not.</summary>
internal sealed partial class RedisAdvisor(
    IQueueStore store, RedisHealth health, TimeProvider time, ILogger<RedisAdvisor> logger)
    : Loop(health, time, logger)
{
    private readonly ILogger logger = logger;

    /// <summary>The answer of Redis; <see langword="null"/> until it came.</summary>
    public RedisFacts? Facts { get; private set; }

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
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

        return Timeout.InfiniteTimeSpan;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Redis {Version} is too old: Mirai needs {Oldest} or later. " +
            "Scripts that need a newer command will fail. Upgrade Redis")]
    private static partial void LogVersion(ILogger logger, Version? version, Version oldest);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Redis may delete waiting tasks when its memory is full: its maxmemory-policy is {Policy}. Set " +
            "noeviction, or volatile-lru if a cache shares this Redis")]
    private static partial void LogEviction(ILogger logger, string policy);
}
