using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Legacy;

/// <summary>Records of servers and their running tasks, as old inspectors read them.</summary>
internal static class LegacyServerJson
{
    public static string Server(ServerInfo server)
    {
        var json = Begin(server.Host, server.Pid).Append(",\"ServerID\":");
        GoJson.Append(json, server.ServerId);
        json.Append(CultureInfo.InvariantCulture, $",\"Concurrency\":{server.Concurrency},\"Queues\":{{");
        var separator = "";
        foreach (var (queue, weight) in server.Queues.OrderBy(entry => entry.Key, GoJson.ByBytes))
        {
            json.Append(separator);
            GoJson.Append(json, queue);
            json.Append(CultureInfo.InvariantCulture, $":{weight}");
            separator = ",";
        }

        json.Append("},\"StrictPriority\":").Append(server.StrictPriority ? "true" : "false").Append(",\"Status\":");
        GoJson.Append(json, Word(server.Status));

        return json.Append(CultureInfo.InvariantCulture, $",\"Started\":\"{Time(server.StartTime)}\"")
            .Append(CultureInfo.InvariantCulture, $",\"ActiveWorkerCount\":{server.ActiveWorkerCount}}}").ToString();
    }

    public static string Worker(WorkerInfo worker)
    {
        var json = Begin(worker.Host, worker.Pid).Append(",\"ID\":");
        GoJson.Append(json, worker.TaskId);
        json.Append(",\"Type\":");
        GoJson.Append(json, worker.TaskType);
        json.Append(",\"Queue\":");
        GoJson.Append(json, worker.Queue);
        json.Append(",\"Payload\":").Append(worker.TaskPayload.IsEmpty ? "null" : worker.TaskPayload.ToStringUtf8());

        return json.Append(CultureInfo.InvariantCulture, $",\"Started\":\"{Time(worker.StartTime)}\"}}").ToString();
    }

    private static StringBuilder Begin(string host, int pid)
    {
        var json = new StringBuilder("{\"Host\":");
        GoJson.Append(json, host);

        return json.Append(CultureInfo.InvariantCulture, $",\"PID\":{pid}");
    }

    // This layout's words.
    private static string Word(string status) => status switch
    {
        ServerStatus.New => "idle",
        ServerStatus.Active => "running",
        ServerStatus.Stopped => "quiet",
        _ => "stopped",
    };

    private static string Time(Timestamp time)
    {
        var text = time.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
        return text + "Z";
    }
}
