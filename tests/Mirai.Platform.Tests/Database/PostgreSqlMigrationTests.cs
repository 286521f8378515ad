using Mirai.Local.Redis;
using Mirai.Platform.Database;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Database;

/// <summary>Migrations on a PostgreSQL server.</summary>
[RequiresPostgreSql]
internal sealed class PostgreSqlMigrationTests() : PlatformTest(DatabaseKind.PostgreSql)
{
    [Test]
    public async Task Starting_WaitsForAServerThatStarts_AndThenNamesItAndTheSetting()
    {
        var port = LoopbackPort.FindFree();
        var starting = MigrateAsync(Platform(("DATABASE_URL", $"postgres://ann:geheim@127.0.0.1:{port}/mirai")));

        await Time.AdvanceUntilAsync(starting, TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => starting);
        Assert.That(error!.Message, Does.StartWith($"The database PostgreSQL 127.0.0.1:{port}/mirai (DATABASE_URL) "));
        Assert.That(error.ToString(), Does.Not.Contain("geheim"));
        Assert.That(Time.GetUtcNow() - Now, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task Starting_DoesNotWait_WhenTheDatabaseIsNotThere()
    {
        var platform = Platform(("ConnectionStrings:Mirai", $"{Database.ConnectionString};Database=nowhere"));

        var error = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => MigrateAsync(platform));

        Assert.That(error!.Message, Does.Contain("(ConnectionStrings:Mirai)").And.Contain("nowhere"));
        Assert.That(Time.GetUtcNow(), Is.EqualTo(Now));
    }
}
