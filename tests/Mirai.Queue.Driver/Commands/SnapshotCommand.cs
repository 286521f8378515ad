using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Driver.Output;
using Mirai.Queue.Driver.Redis;
using Mirai.Queue.Driver.Snapshot;

namespace Mirai.Queue.Driver.Commands;

/// <summary>Prints every key of the database, sorted, one a line.</summary>
internal sealed class SnapshotCommand : ICommand
{
    public async Task<int> RunAsync(string[] args, JsonLines output, TimeProvider time)
    {
        var flags = Flags.Parse(args, ConnectionFlags.Names);
        await using var connection = await RedisAccess.ConnectAsync(ConnectionFlags.Read(flags));
        foreach (var key in await KeyList.ReadAsync(connection))
        {
            if (await KeyJson.ReadAsync(connection.GetDatabase(), key) is { } line)
            {
                output.Write(line);
            }
        }

        return ExitCode.Done;
    }
}
