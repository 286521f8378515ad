using Mirai.Platform.Database;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Database;

/// <summary>Migrations of a SQLite file.</summary>
internal sealed class SqliteMigrationTests() : PlatformTest(DatabaseKind.Sqlite)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Starting_CreatesFolderAndFile_ForReadersBesideAWriter()
    {
        await MigrateAsync(Platform());

        Assert.That(await QueryAsync("PRAGMA journal_mode"), Is.EqualTo(new[] { "wal" }));
    }

    [Test]
    public async Task Starting_GoesOn_WhenAProcessDiedInItsMigration()
    {
        // A killed EF Core leaves its lock behind, and a database without tables.
        CreateFolder();
        await QueryAsync(
            """CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL)""");
        await QueryAsync("""INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01')""");
        using var patience = new CancellationTokenSource(Patience);

        await MigrateAsync(Platform(), patience.Token);

        Assert.That(await QueryAsync("SELECT count(*) FROM documents"), Is.EqualTo(new[] { "0" }));
    }

    [Test]
    public async Task Starting_NamesFileAndSetting_WhenTheFileIsNoDatabase()
    {
        CreateFolder();
        await File.WriteAllTextAsync(Database.FilePath, new string('x', 5_000));

        var error = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => MigrateAsync(Platform()));

        Assert.That(
            error!.Message,
            Does.Contain(Database.FilePath).And.Contain("ConnectionStrings:Mirai").And.Contain("not a database"));
    }

    private void CreateFolder() => Directory.CreateDirectory(Path.GetDirectoryName(Database.FilePath)!);
}
