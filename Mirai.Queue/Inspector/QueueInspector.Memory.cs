using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    // Asynq's numbers.
    private const int SampledTasks = 20;
    private const int SampledGroups = 5;

    // What an entry of a list or a sorted set needs, and a hash with its fields besides their content, on a 64-bit
    // Redis: for servers that do not tell. Ids are mostly UUIDs.
    private const long ListEntrySize = 40;
    private const long SetEntrySize = 140;
    private const long TaskOverhead = 200;

    private static async Task<long> EstimateMemoryAsync(
        IDatabase database, QueueInfo info, CancellationToken cancellationToken)
    {
        var queue = info.Queue;
        RedisKey[] keys =
        [
            QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Active, QueueKeys.Of(queue).Scheduled,
            QueueKeys.Of(queue).Retry,
            QueueKeys.Of(queue).Archived, QueueKeys.Of(queue).Completed, QueueKeys.Of(queue).Groups,
        ];
        using var reply = await LuaScripts.SampleMemory.RunAsync(
            database,
            keys,
            arguments: (RedisValue[])
                [QueueKeys.Of(queue).TaskPrefix, QueueKeys.Of(queue).GroupPrefix, SampledTasks, SampledGroups])
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        return SumMemory(reply, info);
    }

    private static long SumMemory(RespResult reply, QueueInfo info)
    {
        long[] sizes =
            [info.Pending, info.Active, info.Scheduled, info.Retry, info.Archived, info.Completed, info.Aggregating];
        var reader = reply.Read();
        var (total, isRefused) = (0.0, false);
        for (var i = 0; i < sizes.Length; i++)
        {
            reader.MoveNext();
            var sampled = reader.ReadInt64();
            reader.MoveNext();
            double bytes = reader.ReadInt64();
            reader.MoveNext();
            var container = reader.ReadInt64();
            isRefused |= container < 0;
            bytes += isRefused ? sampled * TaskOverhead : 0;
            total += sampled == 0 ? 0 : bytes / sampled * sizes[i];
            total += container >= 0 ? container : sizes[i] * (i < 2 ? ListEntrySize : SetEntrySize);
        }

        return (long)total;
    }
}
