using BenchmarkDotNet.Attributes;
using Mirai.Queue.Server.Taking;

namespace Mirai.Benchmarks.Parts;

/// <summary>Sharing free slots among queues, once per take.</summary>
[MemoryDiagnoser]
public class QueueOrderBenchmarks
{
    private QueueOrder order = null!;

    [Params(3, 20)]
    public int Queues { get; set; }

    [Params(1, 10, 100)]
    public int Slots { get; set; }

    [GlobalSetup]
    public void Create() => order = new QueueOrder(
        Enumerable.Range(0, Queues).Select(i => KeyValuePair.Create($"q{i}", 1 + (i * 3))), strict: false);

    [Benchmark]
    public int Share()
    {
        order.OpenAll();
        return order.Share(Slots)[0];
    }
}
