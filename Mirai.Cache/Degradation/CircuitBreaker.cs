using Polly;
using Polly.CircuitBreaker;

namespace Mirai.Cache.Degradation;

/// <summary>Decides from failed calls when Redis counts as away. Whether Redis is back is decided by
/// <see cref="Recovery"/>, which delivers the pending invalidations first: a caller's read must not be the first call
/// that gets through.</summary>
internal sealed class CircuitBreaker
{
    // Two failures of two calls open the circuit, one of two does not: a single slow answer is no outage.
    private const double FailureRatio = 0.6;
    private const int MinimumThroughput = 2;

    private static readonly TimeSpan ShortestSampling = TimeSpan.FromSeconds(1);

    private readonly CircuitBreakerManualControl control = new();

    public CircuitBreaker(Availability availability, CacheOptions options, TimeProvider time)
    {
        // Long enough for a failed call and the probe after it; short enough that the many successful calls before an
        // outage do not hide it.
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
                    availability.Degrade(args.Outcome.Exception?.Message ?? "Redis does not answer");
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    public ResiliencePipeline Pipeline { get; }

    /// <summary>Forgets the failures.</summary>
    public Task CloseAsync(CancellationToken cancellationToken) => control.CloseAsync(cancellationToken);
}
