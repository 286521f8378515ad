using System.Text;
using System.Text.Json.Nodes;

namespace Mirai.Queue.Driver.Work;

/// <summary>Makes one task of a group, which lists what the others were.</summary>
internal static class DriverAggregator
{
    public static QueueTask Aggregate(string group, IReadOnlyList<TaskInfo> tasks)
    {
        var list = new JsonArray([.. tasks.Select(task => new JsonObject
        {
            ["type"] = task.Type,
            ["payload"] = Encoding.UTF8.GetString(task.Payload.GetValueOrDefault().Span),
        })]);

        return new QueueTask($"aggregated:{group}", Encoding.UTF8.GetBytes(list.ToJsonString()));
    }
}
