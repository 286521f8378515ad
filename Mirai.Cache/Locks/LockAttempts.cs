using System.Globalization;
using Mirai.Cache.Store;

namespace Mirai.Cache.Locks;

/// <summary>The attempts of one owner at one lock, and the waiting between them.</summary>
internal sealed class LockAttempts(
    string key, CacheLockOptions options, LockStore store, ReleaseListener releases,
    LockServices services) : IAsyncDisposable
{
    private const long NanosecondsPerTick = 100;

    // Go and TypeScript services do not report a release, and a message may be lost.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly string owner = NewOwner(services.Time);
    private Task? nextRelease;
    private bool mayHoldIt;

    /// <summary>Makes one attempt. When the reply to the last one was lost, this one finds that its owner has the
    /// lock.</summary>
    public async ValueTask<LockAttempt> TryAsync(CancellationToken cancellationToken)
    {
        if (nextRelease is not null)
        {
            // Before the attempt, so that a release right after it is not missed.
            nextRelease = releases.NextRelease;
        }

        mayHoldIt = true;
        var asked = services.Time.GetTimestamp();
        var answer = await store.TakeAsync(key, owner, options, cancellationToken).ConfigureAwait(false);
        mayHoldIt = answer.Kind == AnswerKind.Lost;

        return !answer.IsGiven ? new LockAttempt(null, null, answer.Kind == AnswerKind.Refused)
            : answer.Reply.Token is { } token ? new LockAttempt(
                new RedisLock(key, owner, token, asked, options, services), null, false)
            : new LockAttempt(null, answer.Reply.Lives ?? LongestWait, false);
    }

    /// <summary>Waits for a reason to try again. The first call only subscribes, and the next attempt follows at
    /// once.</summary>
    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (nextRelease is null)
        {
            nextRelease = releases.NextRelease;
            await releases.ListenAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await nextRelease.WaitAsync(atMost < LongestWait ? atMost : LongestWait, services.Time, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // No message for that long: time for another attempt.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (mayHoldIt)
        {
            // The owner may hold the lock, or get it as soon as Redis reads the command. Not awaited: the caller has
            // given up already.
            _ = store.ReleaseAsync(key, owner, CancellationToken.None).AsTask();
        }

        await releases.DisposeAsync().ConfigureAwait(false);
    }

    // The value of the lock's key, in the form that Go and TypeScript services write.
    private static string NewOwner(TimeProvider time)
    {
        var nanoseconds = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
        return string.Create(CultureInfo.InvariantCulture, $"{nanoseconds}-{(uint)Random.Shared.NextInt64():x8}");
    }
}

/// <summary>How one attempt at a lock ended.</summary>
/// <param name="Taken">The lock, if it was taken.</param>
/// <param name="HolderLives">How long the lock of another owner lives, if there is one.</param>
/// <param name="IsRefused">Redis refuses the command, and will refuse it again.</param>
internal readonly record struct LockAttempt(CacheLock? Taken, TimeSpan? HolderLives, bool IsRefused)
{
    /// <summary>Redis is away, or refuses the command.</summary>
    public bool IsUnanswered => Taken is null && HolderLives is null;
}
