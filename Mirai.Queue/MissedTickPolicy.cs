namespace Mirai.Queue;

/// <summary>What becomes of ticks that passed while no scheduler ran, or none could reach Redis. What was missed is
/// known for a week beyond the first missed tick; after that a periodic task begins anew.</summary>
public enum MissedTickPolicy
{
    /// <summary>They are left out, as in Asynq. A tick that a running scheduler could not enqueue is tried until the
    /// next.</summary>
    Skip,

    /// <summary>One task for all of them, at once.</summary>
    Once,

    /// <summary>One task for each, at once and in order.</summary>
    All,
}
