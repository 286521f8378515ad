namespace Mirai.Queue.Legacy.Tests;

/// <summary>Ends whoever asks it once too often, as a crash would between two steps.</summary>
internal sealed class DyingClock(TimeProvider time, int lives) : TimeProvider
{
    private int left = lives;

    public override DateTimeOffset GetUtcNow() =>
        left-- > 0 ? time.GetUtcNow() : throw new OperationCanceledException("The process died here.");
}
