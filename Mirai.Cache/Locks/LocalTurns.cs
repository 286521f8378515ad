namespace Mirai.Cache.Locks;

/// <summary>Lets one caller of this process at a time wait for a lock in Redis; the other callers wait here, in order.
/// Otherwise a thousand callers would try at every release, and Redis would refuse nearly all of them.</summary>
internal sealed class LocalTurns
{
    private readonly Dictionary<string, (SemaphoreSlim Turn, int Users)> turns = [];

    /// <summary>Waits for the caller's turn, which lasts until the result is disposed.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<IDisposable> EnterAsync(string key, CancellationToken cancellationToken)
    {
        SemaphoreSlim turn;
        lock (turns)
        {
            var (existing, users) = turns.GetValueOrDefault(key);
            turn = existing ?? new SemaphoreSlim(1, 1);
            turns[key] = (turn, users + 1);
        }

        try
        {
            await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new Turn(this, key);
        }
        catch
        {
            Leave(key, hadTurn: false);
            throw;
        }
    }

    private void Leave(string key, bool hadTurn)
    {
        lock (turns)
        {
            var (turn, users) = turns[key];
            if (hadTurn)
            {
                turn.Release();
            }

            if (users == 1)
            {
                turns.Remove(key);
            }
            else
            {
                turns[key] = (turn, users - 1);
            }
        }
    }

    private sealed class Turn(LocalTurns turns, string key) : IDisposable
    {
        public void Dispose() => turns.Leave(key, hadTurn: true);
    }
}
