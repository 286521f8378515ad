using Microsoft.Extensions.Options;

namespace Mirai.Api.Events;

/// <summary>Counts the clients that listen to events, and admits up to <see cref="ApiOptions.MaxEventClients"/> of
/// them.</summary>
internal sealed class EventClients(
    IOptions<ApiOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private int count;

    /// <summary>Fires when the program stops, which must not wait for clients that never disconnect.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    public TimeProvider Time => time;

    /// <summary>Admits a client until the returned object is disposed of.</summary>
    /// <returns><see langword="null"/> when too many clients listen.</returns>
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
