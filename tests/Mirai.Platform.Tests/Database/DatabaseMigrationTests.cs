using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Platform.Database;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Database;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class DatabaseMigrationTests(DatabaseKind kind) : PlatformTest(kind)
{
    private const string Applied = """SELECT count(*) FROM "__EFMigrationsHistory" """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Migrations_AgreeWithTheModel()
    {
        await using var context = await ContextAsync(Platform());

        Assert.That(context.Database.HasPendingModelChanges(), Is.False, "add one: see the README");
    }

    [Test]
    public async Task Starting_CreatesTheTables()
    {
        await MigrateAsync(Platform());

        Assert.That(
            await QueryAsync("SELECT (SELECT count(*) FROM documents) + (SELECT count(*) FROM outbox)"),
            Is.EqualTo(new[] { "0" }));
    }

    [Test]
    public async Task Starting_MigratesOnce_WhenManyStartAtTheSameTime()
    {
        var platforms = Enumerable.Range(0, 8).Select(_ => Platform(TimeProvider.System)).ToList();

        await Task.WhenAll(platforms.Select(platform => Task.Run(() => MigrateAsync(platform)))).WaitAsync(Patience);

        await using var context = await ContextAsync(platforms[0]);
        Assert.That(await QueryAsync(Applied), Is.EqualTo(new[] { $"{context.Database.GetMigrations().Count()}" }));
    }

    [Test]
    public async Task Starting_NamesTheMigrations_WhenAnotherLineOfVersionsMadeTheDatabase()
    {
        await MigrateAsync(Platform());
        await using (var context = await ContextAsync(Platform()))
        {
            await context.Database.ExecuteSqlRawAsync(
                """UPDATE "__EFMigrationsHistory" SET "MigrationId" = '20250101000000_Old' """);
        }

        await Assert.ThatAsync(
            () => MigrateAsync(Platform()),
            Throws.TypeOf<DatabaseUnavailableException>().With.Message.Contains("20250101000000_Old"));
    }

    [Test]
    public async Task Starting_WaitsForTheOneThatMigrates()
    {
        var platform = Platform();
        var other = await HoldLockAsync(platform);
        var starting = MigrateAsync(platform);
        Assert.That(starting.IsCompleted, Is.False);

        await other.DisposeAsync();
        await Time.AdvanceUntilAsync(starting, TimeSpan.FromMilliseconds(50));

        Assert.That(await QueryAsync("SELECT count(*) FROM documents"), Is.EqualTo(new[] { "0" }));
    }

    [Test]
    public async Task Starting_GivesUp_WhenTheOtherNeverEnds()
    {
        var platform = Platform();
        await using var other = await HoldLockAsync(platform);
        var starting = MigrateAsync(platform);

        await Time.AdvanceUntilAsync(starting, TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => starting);
        Assert.That(error!.Message, Does.StartWith("The database ").And.Contain(
            "(ConnectionStrings:Mirai) cannot be used: another process has held the migration lock"));
        Assert.That(Time.GetUtcNow() - Now, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(30)));
    }

    private static async Task<IAsyncDisposable> HoldLockAsync(ServiceProvider platform)
    {
        var address = platform.GetRequiredService<DatabaseAddress>();
        return (await address.TryLockMigrationAsync(CancellationToken.None))!;
    }
}
