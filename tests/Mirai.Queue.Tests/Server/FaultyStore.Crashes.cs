using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Server;

internal sealed partial class FaultyStore : ICrashStore
{
    public Task<IReadOnlyList<Heartbeat>> ListHeartbeatsAsync() =>
        RunAsync(nameof(ListHeartbeatsAsync), inner.ListHeartbeatsAsync);

    public Task<bool> HasRecordAsync(string server) =>
        RunAsync(nameof(HasRecordAsync), () => inner.HasRecordAsync(server));

    public Task UnlistAsync(string server) => inner.UnlistAsync(server);

    public Task<IReadOnlyList<SeenLease>> ListLeasesAsync(string queue, int count) =>
        RunAsync(nameof(ListLeasesAsync), async () =>
        {
            await Gate(nameof(ListLeasesAsync), queue);
            return await inner.ListLeasesAsync(queue, count);
        });

    public Task<IReadOnlyList<string>> FindPublishedAsync(string server, IReadOnlyList<string> taskIds) =>
        RunAsync(nameof(FindPublishedAsync), () => inner.FindPublishedAsync(server, taskIds));

    public Task<HandOver> HandOverAsync(string queue, IReadOnlyList<SeenLease> leases, int crashLimit) =>
        RunAsync(nameof(HandOverAsync), () => inner.HandOverAsync(queue, leases, crashLimit));
}
