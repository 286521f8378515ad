using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;

namespace Mirai.Platform.Tests.Database;

internal sealed class DatabaseMigrationTests : PlatformTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Migrations_AgreeWithTheModel()
    {
        await using var context = await ContextAsync(Platform());

        Assert.That(context.Database.HasPendingModelChanges(), Is.False, "add one: see the README");
    }

    [Test]
    public async Task Starting_CreatesFolderAndDatabase_ForReadersBesideAWriter()
    {
        await MigrateAsync(Platform());

        Assert.That(await QueryAsync("PRAGMA journal_mode"), Is.EqualTo(new[] { "wal" }));
        Assert.That(
            await QueryAsync("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'doc%' ORDER BY name"),
            Is.EqualTo(new[] { "document_extractions", "documents" }));
    }

    [Test]
    public async Task Starting_MigratesOnce_WhenManyStartAtTheSameTime()
    {
        var platforms = Enumerable.Range(0, 8).Select(_ => Platform(TimeProvider.System)).ToList();

        await Task.WhenAll(platforms.Select(platform => Task.Run(() => MigrateAsync(platform)))).WaitAsync(Patience);

        Assert.That(await QueryAsync("SELECT count(*) FROM __EFMigrationsHistory"), Is.EqualTo(new[] { "1" }));
    }

    [Test]
    public async Task Starting_GoesOn_WhenAProcessDiedInItsMigration()
    {
        // What EF Core leaves behind when it is killed: its lock, and a database without tables.
        Directory.CreateDirectory(Path.GetDirectoryName(Database)!);
        await QueryAsync(
            """CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL)""");
        await QueryAsync("""INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01')""");
        using var patience = new CancellationTokenSource(Patience);

        await MigrateAsync(Platform(), patience.Token);

        Assert.That(await QueryAsync("SELECT count(*) FROM documents"), Is.EqualTo(new[] { "0" }));
    }

    [Test]
    public async Task Starting_WaitsForTheOneThatMigrates()
    {
        var other = HoldLock();
        var starting = MigrateAsync(Platform());
        Assert.That(starting.IsCompleted, Is.False);

        await other.DisposeAsync();
        Time.Advance(TimeSpan.FromMilliseconds(50));
        await starting.WaitAsync(Patience);

        Assert.That(await QueryAsync("SELECT count(*) FROM documents"), Is.EqualTo(new[] { "0" }));
    }

    [Test]
    public async Task Starting_GivesUp_WhenTheOtherNeverEnds()
    {
        await using var other = HoldLock();
        var starting = MigrateAsync(Platform());

        while (!starting.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var error = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => starting);
        Assert.That(
            error!.Message, Does.StartWith($"The database {Database} (ConnectionStrings:Mirai) cannot be used: "));
        Assert.That(Time.GetUtcNow() - Now, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task Starting_NamesFileAndSetting_WhenTheFileIsNoDatabase()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Database)!);
        await File.WriteAllTextAsync(Database, new string('x', 5_000));

        var error = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => MigrateAsync(Platform()));

        Assert.That(
            error!.Message,
            Does.Contain(Database).And.Contain("ConnectionStrings:Mirai").And.Contain("not a database"));
    }

    private FileStream HoldLock()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Database)!);
        return new FileStream(Database + ".migrating", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
    }
}
