using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Mirai.Hosting.Telemetry;
using Mirai.Queue;

namespace Mirai.Api.Tests.Telemetry;

/// <summary>What a scrape costs Redis, and what Redis costs a scrape.</summary>
internal sealed class QueueFiguresTests : ApiTest
{
    private readonly FakeTimeProvider time = new();
    private ServiceProvider meters = null!;

    private IQueueInspector Inspector => Api.Services.GetRequiredService<IQueueInspector>();

    [SetUp]
    public void CreateMeters() => meters = new ServiceCollection().AddMetrics().BuildServiceProvider();

    [TearDown]
    public ValueTask DisposeMetersAsync() => meters.DisposeAsync();

    [Test]
    public async Task Refresh_EndsInTime_WhenRedisHangs()
    {
        var silent = SilentInspector.Create();
        var figures = Create(silent.Inspector);
        var refresh = figures.RefreshAsync();
        await silent.Called;

        time.Advance(TimeSpan.FromSeconds(2));

        await refresh.WaitAsync(TimeSpan.FromSeconds(30));
        await silent.Cancelled;
        Assert.That(Queues(), Is.Empty);
    }

    [Test]
    public async Task Refresh_AsksRedis_EveryFiveSecondsAtMost()
    {
        var figures = Create(Inspector);
        await Redis.SetAddAsync("asynq:queues", "a");
        await figures.RefreshAsync();
        await Redis.SetAddAsync("asynq:queues", "b");

        time.Advance(TimeSpan.FromSeconds(4.9));
        await figures.RefreshAsync();
        var soon = Queues();
        time.Advance(TimeSpan.FromSeconds(0.1));
        await figures.RefreshAsync();

        Assert.That(soon, Is.EqualTo(new[] { "a" }));
        Assert.That(Queues(), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task Refresh_AsksAboutSoManyQueues()
    {
        var figures = Create(Inspector, mostQueues: 2);
        await Redis.SetAddAsync("asynq:queues", ["c", "b", "a"]);

        await figures.RefreshAsync();

        Assert.That(Queues(), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task Refresh_KeepsTheFiguresOfTheOthers_AndNamesTheBrokenQueue()
    {
        var figures = Create(Inspector);
        await Redis.SetAddAsync("asynq:queues", ["a", "bad", "c"]);
        await Redis.StringSetAsync("asynq:{bad}:pending", "no list");

        await figures.RefreshAsync();

        Assert.That(Queues(), Is.EqualTo(new[] { "a", "c" }));
        Assert.That(Queues("mirai_queue_unreadable"), Is.EqualTo(new[] { "a", "bad", "c" }));
    }

    private QueueFigures Create(IQueueInspector inspector, int mostQueues = 100) => new(
        inspector, Options.Create(new TelemetryOptions { QueueFigures = true, MostQueues = mostQueues }), Factory,
        time,
        NullLogger<QueueFigures>.Instance);

    private IMeterFactory Factory => meters.GetRequiredService<IMeterFactory>();

    // The queues that are told about now.
    private List<string> Queues(string name = "asynq_queue_size")
    {
        var queues = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Scope == Factory && instrument.Name == name)
                {
                    own.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, labels, _) => queues.Add((string)labels[0].Value!));
        listener.Start();
        listener.RecordObservableInstruments();

        return queues;
    }
}
