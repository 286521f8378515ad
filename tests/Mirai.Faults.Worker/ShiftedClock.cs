namespace Mirai.Faults.Worker;

/// <summary>The clock of a machine that nobody has set.</summary>
internal sealed class ShiftedClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
}
