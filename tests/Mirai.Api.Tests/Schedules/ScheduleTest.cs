using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Wire;

namespace Mirai.Api.Tests.Schedules;

/// <summary>Entries of a scheduler as Redis keeps them.</summary>
internal abstract class ScheduleTest : OperatorTest
{
    private const string Key = "asynq:schedulers:{host:1:x}";

    protected static async Task AddAsync(string id, string type, params string[] options)
    {
        var entry = new SchedulerEntry
        {
            Id = id, Spec = "@every 5m", TaskType = type, TaskPayload = ByteString.CopyFromUtf8("""{"secret":1}"""),
            EnqueueOptions = { options },
            NextEnqueueTime = new Timestamp { Seconds = 1_800_000_300 },
            PrevEnqueueTime = new Timestamp { Seconds = 1_800_000_000 },
        };
        await Redis.SortedSetAddAsync("asynq:schedulers", Key, Now + 60);
        await Redis.ListRightPushAsync(Key, entry.ToByteArray());
    }

    /// <summary>Three entries of queues "mail" and "files".</summary>
    protected static async Task AddSomeAsync()
    {
        await AddAsync("e-mail", "mail:digest", "Queue(\"mail\")");
        await AddAsync("e-files", "file:scan", "Queue(\"files\")");
        await AddAsync("e-both", "mail:file", "Queue(\"files\")");
    }
}
