using Microsoft.Extensions.DependencyInjection;
using Mirai.Platform.Cleanup;
using Mirai.Platform.Tests.Payments;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Cleanup;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class CleanupTests(DatabaseKind kind) : PaymentTest(kind)
{
    [Test]
    public async Task Registrations_AreDeletedInBatches_OnceTheyExpired()
    {
        var platform = await StartAsync(("Cleanup:BatchSize", "2"));
        for (var i = 0; i < 5; i++)
        {
            await Registrations(platform).CreateAsync(Ann);
        }

        Time.Advance(TimeSpan.FromDays(2));
        Assert.That(await RunAsync(platform, "expired registrations"), Is.Zero);
        Time.Advance(TimeSpan.FromSeconds(1));
        var fresh = await Registrations(platform).CreateAsync(Ann);

        Assert.That(await RunAsync(platform, "expired registrations"), Is.EqualTo(5));
        Assert.That(await RunAsync(platform, "expired registrations"), Is.Zero);

        Assert.That(await QueryAsync("""SELECT "Id" FROM registrations"""), Is.EqualTo(
            new[] { fresh.Id.ToString().ToUpperInvariant() }));
    }

    [Test]
    public async Task Registrations_AreNeverDeleted_OnceStripeSaidThatTheyArePaid()
    {
        var platform = Process(Time);
        await MigrateAsync(platform);
        var registration = await Registrations(platform).CreateAsync(Ann);
        var session = new FakeSession("cs_test_1") { ClientReferenceId = $"{registration.Id}" };
        await TakeAsync(platform, session.ToEvent());
        Time.Advance(TimeSpan.FromDays(365));

        Assert.That(await RunAsync(platform, "expired registrations"), Is.Zero);

        Assert.That(await QueryAsync("""SELECT "State" FROM registrations"""), Is.EqualTo(new[] { "Paid" }));
    }

    [Test]
    public async Task Outbox_KeepsWhatWaits_AndDeletesWhatWasPublishedLongAgo()
    {
        var platform = await StartAsync();
        await AddAsync(platform, TaskId);
        await PublishAsync(platform);
        await AddAsync(platform, Guid.CreateVersion7(Now));
        Time.Advance(TimeSpan.FromDays(7));
        Assert.That(await RunAsync(platform, "old outbox rows"), Is.Zero);
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await RunAsync(platform, "old outbox rows"), Is.EqualTo(1));

        Assert.That(await QueryAsync("""SELECT "PublishedAt" IS NULL FROM outbox"""), Is.EqualTo(new[] { "1" }));
    }

    private static Task<long> RunAsync(IServiceProvider platform, string what) =>
        platform.GetServices<ICleanup>().Single(cleanup => cleanup.What == what).RunAsync();
}
