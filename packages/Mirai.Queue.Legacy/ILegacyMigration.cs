using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>Moves everything that the legacy layout holds to the current one, once: tasks that wait, are due later,
/// wait to be tried again or are dead, uniqueness locks with the time they have left, pauses. The order of a queue
/// stays.</summary>
/// <remarks>Each task moves in one step of Redis. A migration that was interrupted, by whatever, is called again and
/// goes on; several at once do no harm. Daily counters are of all queues together and stay; they expire within 90
/// days.</remarks>
public interface ILegacyMigration
{
    /// <summary>Moves everything, or counts it.</summary>
    /// <param name="dryRun">Only tells what would be moved.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>What was moved, and what was left.</returns>
    /// <exception cref="LegacyMigrationException">Tasks run, workers of the legacy layout live, or Redis is a
    /// cluster.</exception>
    /// <exception cref="RedisException">Redis could not be reached.</exception>
    Task<LegacyMigrationReport> RunAsync(bool dryRun = false, CancellationToken cancellationToken = default);
}
