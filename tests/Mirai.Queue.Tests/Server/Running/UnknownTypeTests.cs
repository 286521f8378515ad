using System.Diagnostics.Metrics;

namespace Mirai.Queue.Tests.Server.Running;

/// <summary>Tasks that no handler of the worker knows: the handler is for "mail:…".</summary>
[NonParallelizable] // its listener hears the meters of the whole process
internal sealed class UnknownTypeTests : ServerTest
{
    private const string Text = "handler not found for task \"sms:send\"";

    [Test]
    public async Task UnknownType_IsDeferredUncharged()
    {
        var errors = new List<Exception>();
        var parts = Parts(configure: options => options.ErrorHandler = (_, error, _) =>
        {
            errors.Add(error);
            return Task.CompletedTask;
        });
        await EnqueueAsync(
            NewTask("a", new EnqueueOptions { MaxRetry = 0, UniqueFor = TimeSpan.FromHours(1) }, type: "sms:send"));

        await RunTakenAsync(parts);
        await WriteBackAsync(parts);

        var stored = await StoredAsync("a");
        Assert.That((stored.Retried, stored.ErrorMsg, stored.LastFailedAt), Is.EqualTo((0, Text, Now)));
        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("a", Now + 2d) }));
        Assert.That((await FieldsAsync("a"))["state"], Is.EqualTo("retry"));
        Assert.That(await KeysAsync(), Is.EqualTo(new[]
        {
            "asynq:queues", "asynq:{mail}:retry", "asynq:{mail}:t:a", (await StoredAsync("a")).UniqueKey,
        }), "no counter, and the lock stays");
        Assert.That(errors, Is.Empty, "nothing has failed");
    }

    [Test]
    public async Task UnknownType_WaitsTwiceAsLongEachTime_UpToTheLimit()
    {
        var pauses = new List<double>();
        await EnqueueAsync(NewTask("a", type: "sms:send"));
        for (var time = 0; time < 6; time++)
        {
            // A new worker each time.
            var parts = Parts(configure: options => options.UnknownTypeMaxDelay = TimeSpan.FromSeconds(20));
            await RunTakenAsync(parts);
            await WriteBackAsync(parts);
            pauses.Add((await ZSetAsync("asynq:{mail}:retry"))[0].Item2 - Time.GetUtcNow().ToUnixTimeSeconds());

            Time.Advance(TimeSpan.FromSeconds(pauses[^1]));
            await parts.Forwarder.RunOnceAsync(CancellationToken.None);
        }

        Assert.That(pauses, Is.EqualTo(new double[] { 2, 4, 8, 16, 20, 20 }));
        Assert.That((await StoredAsync("a")).Retried, Is.Zero);
    }

    [Test]
    public async Task UnknownType_StartsOverWithTheShortestPause_WhenItFailedOtherwiseMeanwhile()
    {
        var message = Message("a");
        (message.Type, message.ErrorMsg, message.LastFailedAt) = ("sms:send", "boom", Now - 100);
        await EnqueueAsync(NewTask("a"));
        await SetMessageAsync("a", message);
        var parts = Parts();

        await RunTakenAsync(parts);
        await WriteBackAsync(parts);

        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("a", Now + 2d) }));
    }

    [Test]
    public async Task UnknownType_FailsForGood_WhenItsDeadlineHasPassed()
    {
        var parts = Parts();
        await EnqueueAsync(NewTask(
            "a", new EnqueueOptions { MaxRetry = 0, Deadline = DateTimeOffset.FromUnixTimeSeconds(Now + 1) },
            type: "sms:send"));
        Time.Advance(TimeSpan.FromSeconds(1));

        await RunTakenAsync(parts);
        await WriteBackAsync(parts);

        Assert.That((await StoredAsync("a")).ErrorMsg, Does.StartWith("context deadline exceeded"));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:archived"), Is.EqualTo(1));
    }

    [Test]
    public async Task UnknownType_IsCounted()
    {
        var counted = new List<(long, string?)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "mirai.queue.tasks.unknown_type")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            lock (counted)
            {
                counted.Add((count, tags.ToArray().ToDictionary()["mirai.task.type"]?.ToString()));
            }
        });
        listener.Start();
        var parts = Parts();
        await EnqueueAsync(NewTask("a", type: "sms:send"), NewTask("b", type: "sms:send"), NewTask("c"));

        await RunTakenAsync(parts);

        Assert.That(counted, Is.EqualTo(new[] { (1L, "sms:send"), (1L, "sms:send") }));
    }
}
