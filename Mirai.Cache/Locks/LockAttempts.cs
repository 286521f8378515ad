using Mirai.Cache.Store;

namespace Mirai.Cache.Locks;

/// <summary>Attempts at one lock by one would-be owner, and the waiting between them.</summary>
internal sealed class LockAttempts(
    string key, CacheLockOptions options, LockStore store, ReleaseListener releases,
    LockKeeping keeping) : IAsyncDisposable
{
    // Go and TypeScript give locks back without a word, and a message may get lost.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly string owner = LockOwner.New(keeping.Time);
    private Task? nextRelease;
    private bool mayHoldIt;

    /// <summary>One attempt. After a reply that got lost, the next one finds that the lock was taken.</summary>
    public async ValueTask<LockTry> TryAsync(CancellationToken cancellationToken)
    {
        if (nextRelease is not null)
        {
            // Before the attempt: what is given back right after it is not missed.
            nextRelease = releases.NextRelease;
        }

        mayHoldIt = true;
        var asked = keeping.Time.GetTimestamp();
        var answer = await store.TakeAsync(key, owner, options, cancellationToken).ConfigureAwait(false);
        mayHoldIt = answer.Kind == AnswerKind.Lost;

        return !answer.IsGiven ? new LockTry(null, null, answer.Kind == AnswerKind.Refused)
            : answer.Reply.Token is { } token ? new LockTry(
                new RedisLock(key, owner, token, asked, options, keeping), null, false)
            : new LockTry(null, answer.Reply.Lives ?? LongestWait, false);
    }

    /// <summary>Waits for a reason to try again. At first, that is only to begin to listen.</summary>
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
            await nextRelease.WaitAsync(atMost < LongestWait ? atMost : LongestWait, keeping.Time, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // That long no word: worth an attempt.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (mayHoldIt)
        {
            // Or will, as soon as Redis reads on. Not awaited: who gave up does not wait for that.
            _ = store.ReleaseAsync(key, owner, CancellationToken.None).AsTask();
        }

        await releases.DisposeAsync().ConfigureAwait(false);
    }
}
