using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Taking;

/// <summary>Something that can tell an idle server that there is work before its next poll. The seam for further
/// sources, such as keyspace events for producers that send no signal. News may be late, doubled or lost: they only
/// save time.</summary>
internal interface IWakeUpSource
{
    /// <summary>Calls back with news until disposed.</summary>
    Task<IAsyncDisposable> ListenAsync(Action<WakeUp> onWakeUp);
}
