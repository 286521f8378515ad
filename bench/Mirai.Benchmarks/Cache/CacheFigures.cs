namespace Mirai.Benchmarks.Cache;

/// <summary>What one piece of work took.</summary>
/// <param name="Work">Which.</param>
/// <param name="Cache">Who did it.</param>
/// <param name="Calls">How many calls there were.</param>
/// <param name="Factories">How many factories ran.</param>
/// <param name="MedianMilliseconds">The median of a call.</param>
/// <param name="P95Milliseconds">95% of the calls took no longer.</param>
/// <param name="BytesPerCall">Memory allocated for a call, in the whole process.</param>
internal sealed record CacheFigures(
    string Work, string Cache, int Calls, int Factories, double MedianMilliseconds, double P95Milliseconds,
    long BytesPerCall);
