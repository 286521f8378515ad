using BenchmarkDotNet.Attributes;
using Mirai.Queue;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Server.Taking;

namespace Mirai.Benchmarks.Parts;

/// <summary>Sharing free slots among queues that are all asked, once per take.</summary>
[MemoryDiagnoser]
public class QueueOrderBenchmarks
{
    private QueuePicker picker = null!;

    [Params(3, 16)]
    public int Queues { get; set; }

    [Params(1, 10, 100)]
    public int Slots { get; set; }

    [GlobalSetup]
    public void Create()
    {
        var options = new QueueServerOptions();
        for (var i = 0; i < Queues; i++)
        {
            options.Queues[$"q{i}"] = 1 + (i * 3);
        }

        picker = new QueuePicker(new ServedQueues(options, () => { }, TimeProvider.System), new RunningTasks(1));
    }

    [Benchmark]
    public int Share()
    {
        picker.Begin();
        return picker.Share(Slots)[0];
    }
}
