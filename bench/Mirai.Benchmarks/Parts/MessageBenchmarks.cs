using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Mirai.Benchmarks.Peer;
using Mirai.Queue;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Benchmarks.Parts;

/// <summary>A task becomes bytes on its way in, and an object on its way out.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly EnqueueOptions Plain = new();
    private static readonly EnqueueOptions Full = new()
    {
        UniqueFor = TimeSpan.FromMinutes(1),
        Retention = TimeSpan.FromHours(1),
        Headers = new Dictionary<string,
        string> { ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
    };

    private readonly QueueTask task = new("email:welcome", Payloads.Create(200));
    private byte[] encoded = [];

    [GlobalSetup]
    public void Encode() => encoded = NewTask.Create(task, Plain, Now).Encoded;

    [Benchmark(Baseline = true)]
    public object EncodeNewTask() => NewTask.Create(task, Plain, Now);

    [Benchmark]
    public object EncodeNewTaskWithEverything() => NewTask.Create(task, Full, Now);

    [Benchmark]
    public object DecodeMessage() => TaskMessage.Parser.ParseFrom(encoded.AsSpan());

    [Benchmark]
    public byte[] ReencodeMessage()
    {
        var message = TaskMessage.Parser.ParseFrom(encoded.AsSpan());
        message.Retried++;
        message.ErrorMsg = "boom";
        return message.ToByteArray();
    }
}
