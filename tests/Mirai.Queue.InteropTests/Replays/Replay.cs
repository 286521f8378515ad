using Microsoft.Extensions.Time.Testing;
using Mirai.Queue.InteropTests.Keyspaces;
using Mirai.Queue.InteropTests.Recordings;
using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.InteropTests.Replays;

/// <summary>Does with Mirai what was recorded of Go, one step after the other, with the clock at the recorded moments;
/// after each step the keys must be those that Go left.</summary>
internal sealed class Replay : IAsyncDisposable
{
    private readonly IDatabase redis;
    private readonly Writer writer;
    private readonly Recording recording;
    private readonly QueueUnderTest queue;
    private readonly KeyComparison comparison = new();
    private ManualWorker? worker;
    private int done;

    private Replay(IDatabase redis, Writer writer, Recording recording, ITaskAggregator? aggregator)
    {
        this.redis = redis;
        this.writer = writer;
        this.recording = recording;
        queue = new QueueUnderTest(redis, recording.Steps[0].At.AddDays(-1), aggregator);
    }

    public FakeTimeProvider Time => queue.Time;

    public IQueueStore Store => queue.Store;

    public ISchedulerStore SchedulerBroker => queue.SchedulerBroker;

    public IQueueClient Client => queue.Client;

    public IQueueInspector Inspector => queue.Inspector;

    /// <summary>What Mirai leaves otherwise on purpose in all steps that do not say so themselves.</summary>
    public Deliberate? Standing { get; set; }

    /// <summary>The server that was started last and has not been stopped.</summary>
    public ManualWorker Worker => worker ?? throw new InvalidOperationException("No server runs.");

    /// <summary>Begins to replay the recording that the running test names.</summary>
    /// <param name="redis">An empty database.</param>
    /// <param name="writer">Who writes what the steps find.</param>
    /// <param name="days">How many days the recording moves; by default as many as it takes.</param>
    /// <param name="aggregator">What servers aggregate groups with.</param>
    public static Replay Begin(
        IDatabase redis, Writer writer, int? days = null, ITaskAggregator? aggregator = null) =>
        new(redis, writer, Recording.ForTest(days), aggregator);

    /// <summary>Does the next step and compares the keys.</summary>
    /// <param name="did">How the recorded step's words begin.</param>
    /// <param name="act">What Mirai does.</param>
    /// <param name="deliberate">What Mirai leaves otherwise on purpose.</param>
    public async Task StepAsync(string did, Func<RecordedStep, Task> act, Deliberate? deliberate = null)
    {
        var step = Next(did);
        await RestoreAsync(step);
        SetTime(step.At);
        var from = await RedisKeyspace.ReadClockAsync(redis);
        await act(step);
        var mirai = await RedisKeyspace.ReadAsync(redis);
        comparison.Written(mirai, from, await RedisKeyspace.ReadClockAsync(redis));

        comparison.AssertEqual(step, mirai, deliberate ?? Standing);
    }

    /// <summary>Passes all steps over up to this one, it included, for a test that begins there.</summary>
    public async Task BeginAfterAsync(string did)
    {
        var last = recording.Steps.FindIndex(done, step => step.Did.StartsWith(did, StringComparison.Ordinal));
        Assert.That(last, Is.GreaterThanOrEqualTo(done), $"There is no step '{did}' ahead.");
        while (done <= last)
        {
            var step = recording.Steps[done++];
            await comparison.RestoreAsync(redis, step, step.Keys);
            SetTime(step.At);
        }
    }

    /// <summary>Enqueues the recorded task.</summary>
    public Task EnqueueAsync(string did, Deliberate? deliberate = null) =>
        StepAsync(did, step => ReplayedEnqueue.RunAsync(Client, step, Time, comparison.Names), deliberate);

    /// <summary>Enqueues the recorded tasks of all steps up to the next that is something else.</summary>
    public async Task EnqueueAllAsync()
    {
        while (done < recording.Steps.Count && recording.Steps[done].Enqueued is not null)
        {
            await EnqueueAsync(recording.Steps[done].Did);
        }
    }

    /// <summary>Runs a server until nothing is left to do.</summary>
    /// <param name="did">How the recorded step's words begin.</param>
    /// <param name="handler">Runs tasks of every type; <see langword="null"/> for a server without handlers.</param>
    /// <param name="configure">Settings of the server.</param>
    /// <param name="deliberate">What Mirai leaves otherwise on purpose.</param>
    public Task WorkAsync(
        string did,
        TaskPipeline? handler,
        Action<QueueServerOptions>? configure = null,
        Deliberate? deliberate = null) =>
        StepAsync(
            did,
            async _ =>
            {
                StartWorker(handler, configure);
                await Worker.WorkAsync();
                await StopWorkerAsync();
            },
            deliberate);

    /// <summary>Starts a server, which does nothing by itself.</summary>
    public void StartWorker(TaskPipeline? handler, Action<QueueServerOptions>? configure = null) =>
        worker = queue.StartWorker(handler, configure);

    public async Task StopWorkerAsync()
    {
        await Worker.StopAsync();
        worker = null;
    }

    /// <summary>From now on a name that Mirai drew reads as the recorded one.</summary>
    public void Equate(string drawn, string recorded) => comparison.Names.Equate(drawn, recorded);

    /// <summary>Lets time pass within a step.</summary>
    public void SetTime(DateTimeOffset time)
    {
        if (time > Time.GetUtcNow())
        {
            Time.SetUtcNow(time);
        }
    }

    /// <summary>Fails when steps are left.</summary>
    public void Complete() => Assert.That(
        recording.Steps.Skip(done).Select(step => step.Did), Is.Empty, "The replay left recorded steps out.");

    public ValueTask DisposeAsync() => queue.DisposeAsync();

    private RecordedStep Next(string did)
    {
        Assert.That(done, Is.LessThan(recording.Steps.Count), $"There is no step '{did}'.");
        var step = recording.Steps[done++];
        Assert.That(step.Did, Does.StartWith(did));

        return step;
    }

    // While a server runs, its own keys are there, which no other's can replace.
    private Task RestoreAsync(RecordedStep step) => writer == Writer.Go && worker is null
        ? comparison.RestoreAsync(redis, step, step.Before)
        : Task.CompletedTask;
}
