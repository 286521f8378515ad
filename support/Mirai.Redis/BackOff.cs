namespace Mirai.Redis;

/// <summary>The pauses between attempts: exponential, with full jitter. A pause is drawn uniformly between zero and a
/// bound that doubles with every attempt, so that the processes of a fleet do not return to Redis in waves.</summary>
/// <param name="First">The bound of the first pause.</param>
/// <param name="Longest">The largest bound.</param>
internal readonly record struct BackOff(TimeSpan First, TimeSpan Longest)
{
    // 2^16 times the first bound is longer than any largest bound in use.
    private const int MostDoublings = 16;

    /// <summary>Draws the pause after an attempt that failed.</summary>
    /// <param name="attempt">How many attempts failed before this one: 0 after the first attempt.</param>
    public TimeSpan Pause(int attempt) => Bound(attempt) * Random.Shared.NextDouble();

    /// <summary>The longest pause that <see cref="Pause"/> can draw.</summary>
    public TimeSpan Bound(int attempt)
    {
        var bound = First * Math.Pow(2, Math.Clamp(attempt, 0, MostDoublings));
        return bound < Longest ? bound : Longest;
    }
}
