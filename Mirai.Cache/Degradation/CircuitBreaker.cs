using Polly;
using Polly.CircuitBreaker;

namespace Mirai.Cache.Degradation;

/// <summary>Decides from the calls that failed when Redis counts as away. That Redis is back is decided by
/// <see cref="Recovery"/>, which first makes up for invalidations: no caller's read may be the first to find
/// out.</summary>
internal sealed class CircuitBreaker
{
    // Two of two open it, one of two does not: a single slow answer is no outage.
    private const double FailureRatio = 0.6;
    private const int MinimumThroughput = 2;

    private static readonly TimeSpan ShortestSampling = TimeSpan.FromSeconds(1);

    private readonly CircuitBreakerManualControl control = new();

    public CircuitBreaker(Availability availability, CacheOptions options, TimeProvider time)
    {
        // Long enough for a failed call and the probe after it, short enough that the many good calls before an outage
        // do not hide it.
        var sampling = 4 * options.RedisTimeout;
        Pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = static args => ValueTask.FromResult(
                    args.Outcome.Exception is { } exception && RedisFaults.IsAway(exception)),
                FailureRatio = FailureRatio,
                MinimumThroughput = MinimumThroughput,
                SamplingDuration = sampling > ShortestSampling ? sampling : ShortestSampling,
                ManualControl = control,
                OnOpened = args =>
                {
                    availability.Degrade(args.Outcome.Exception?.Message ?? "it does not answer");
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    public ResiliencePipeline Pipeline { get; }

    /// <summary>Forgets the failures.</summary>
    public Task CloseAsync(CancellationToken cancellationToken) => control.CloseAsync(cancellationToken);
}
