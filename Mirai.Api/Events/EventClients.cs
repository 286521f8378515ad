using Microsoft.Extensions.Options;

namespace Mirai.Api.Events;

/// <summary>Those who listen: as many as this process may have, until it stops.</summary>
internal sealed class EventClients(
    IOptions<ApiOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private int count;

    /// <summary>Fires when the program stops: it must not wait for clients that never leave.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    public TimeProvider Time => time;

    /// <summary>Lets a client in, until what is returned is disposed of.</summary>
    /// <returns><see langword="null"/> when there are too many.</returns>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref count) <= options.Value.MaxEventClients)
        {
            return new Client(this);
        }

        Interlocked.Decrement(ref count);
        return null;
    }

    private sealed class Client(EventClients clients) : IDisposable
    {
        private int isGone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isGone, 1) == 0)
            {
                Interlocked.Decrement(ref clients.count);
            }
        }
    }
}
