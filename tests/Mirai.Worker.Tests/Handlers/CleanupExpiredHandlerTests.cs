using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mirai.Platform;
using Mirai.Platform.Registrations;
using Mirai.Queue;

namespace Mirai.Worker.Tests.Handlers;

internal sealed class CleanupExpiredHandlerTests : WorkerTest
{
    // An entry of another program: two days old, and without an expiry.
    private const string StaleEntry =
        """{"data":1,"timestamp":1000,"etag":"\"x\"","version":1}""";

    [Test]
    public async Task Task_DeletesExpiredRegistrations_OldOutboxRows_AndStaleCacheEntries_AndNothingTheSecondTime()
    {
        var worker = await StartAsync();
        await AddRowsAsync(worker);
        await Redis.StringSetAsync("courses:stale", StaleEntry);

        await RunAsync(worker, "first", TaskState.Completed);

        Assert.That(
            await QueryAsync("SELECT count(*) FROM registrations"), Is.EqualTo(new[] { "1" }), "the fresh one");
        Assert.That(await QueryAsync("SELECT count(*) FROM outbox"), Is.EqualTo(new[] { "0" }));
        Assert.That(await Redis.KeyExistsAsync("courses:stale"), Is.False);
        await RunAsync(worker, "second", TaskState.Completed);
        Assert.That(await QueryAsync("SELECT count(*) FROM registrations"), Is.EqualTo(new[] { "1" }));
    }

    [Test]
    public async Task Task_GoesOnWithTheOthers_WhenOnePartIsBroken()
    {
        var worker = await StartAsync();
        await AddRowsAsync(worker);
        await QueryAsync("ALTER TABLE registrations RENAME TO elsewhere");

        await RunAsync(worker, "task", TaskState.Retry);

        Assert.That(await QueryAsync("SELECT count(*) FROM outbox"), Is.EqualTo(new[] { "0" }));
        var task = (await Inspector(worker).FindTaskAsync("low", "task"))!;
        Assert.That(task.LastError, Does.Contain("Cleaning up expired registrations failed: "));
        Assert.That(task.MaxRetry, Is.EqualTo(1));
    }

    private async Task<IHost> StartAsync()
    {
        var worker = Worker();
        await worker.StartAsync();

        return worker;
    }

    private async Task AddRowsAsync(IHost worker)
    {
        var registrations = worker.Services.GetRequiredService<RegistrationStore>();
        var person = new NewRegistration("ann@example.org", "Ann");
        await registrations.CreateAsync(person);
        await QueryAsync($"""UPDATE registrations SET "ExpiresAt" = '2020-01-01 00:00:00'{Cast}""");
        await registrations.CreateAsync(person);
        await Documents(worker).CreateAsync(Note);
        await ProcessedAsync(1);
        await WaitUntilAsync(async () =>
            (await QueryAsync("""SELECT count(*) FROM outbox WHERE "PublishedAt" IS NOT NULL"""))[0] == "1");
        await QueryAsync($"""UPDATE outbox SET "PublishedAt" = '2020-01-01 00:00:00'{Cast}""");
    }

    private string Cast => Database.Kind == Mirai.Testing.DatabaseKind.PostgreSql ? "::timestamptz" : "";

    private static async Task RunAsync(IHost worker, string taskId, TaskState state)
    {
        await Client(worker).EnqueueAsync(
            new CleanupExpired(), new EnqueueOptions { TaskId = taskId, Retention = TimeSpan.FromHours(1) });
        await WaitUntilAsync(async () => (await Inspector(worker).FindTaskAsync("low", taskId))?.State == state);
    }
}
