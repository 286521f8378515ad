namespace Mirai.Queue.InteropTests.Faults;

/// <summary>Real time, but later: what others left is old already.</summary>
internal sealed class LaterTimeProvider(TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
}
