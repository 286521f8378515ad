using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Driver.Arguments;
using Mirai.Queue.Driver.Output;
using Mirai.Queue.Driver.Redis;
using Mirai.Queue.Legacy;

namespace Mirai.Queue.Driver.Commands;

/// <summary>Moves everything from the legacy layout to the current one, or tells what would be moved. Not in the
/// common driver specification: Go's library has no such call.</summary>
internal sealed class MigrateCommand : ICommand
{
    private static readonly FlagNames Names = new FlagNames([], ["dry-run"]).With(ConnectionFlags.Names.Values);

    public async Task<int> RunAsync(string[] args, JsonLines output, TimeProvider time)
    {
        var flags = Flags.Parse(args, Names);
        await using var connection = await RedisAccess.ConnectAsync(ConnectionFlags.Read(flags));
        var services = new ServiceCollection();
        services.AddMiraiQueue(connection, flags);
        await using var provider = services.BuildServiceProvider();
        try
        {
            var migration = provider.GetRequiredService<ILegacyMigration>();
            output.Write(ToJson(await migration.RunAsync(flags.Switch("dry-run"))));
            return ExitCode.Done;
        }
        catch (LegacyMigrationException exception)
        {
            output.Write(new JsonObject { ["error"] = exception.Message });
            return ExitCode.Refused;
        }
    }

    private static JsonObject ToJson(LegacyMigrationReport report) => new()
    {
        ["dry_run"] = report.IsDryRun,
        ["queues"] = new JsonArray([.. report.Queues.Select(queue => new JsonObject
        {
            ["queue"] = queue.Queue,
            ["pending"] = queue.Pending,
            ["scheduled"] = queue.Scheduled,
            ["retry"] = queue.Retry,
            ["archived"] = queue.Archived,
            ["paused"] = queue.Paused,
        })]),
        ["left_count"] = report.LeftCount,
        ["left"] = new JsonArray([.. report.Left.Select(left => new JsonObject
        {
            ["key"] = left.Key,
            ["id"] = left.TaskId,
            ["reason"] = left.Reason,
        })]),
    };
}
