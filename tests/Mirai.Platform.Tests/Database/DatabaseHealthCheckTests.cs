using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Database;

internal sealed class DatabaseHealthCheckTests
{
    [TestCase(DatabaseKind.Sqlite)]
    [TestCase(DatabaseKind.PostgreSql)]
    public async Task Check_IsHealthy_WhileTheDatabaseAnswers(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await (await database.OpenAsync()).DisposeAsync();

        var entry = await CheckAsync(database.ConnectionString);

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Healthy), entry.Exception?.ToString());
    }

    [TestCase("Data Source=/nowhere/mirai.db")]
    [TestCase("Host=127.0.0.1;Port=9;Username=ann;Password=geheim;Database=mirai;Timeout=1")]
    public async Task Check_IsUnhealthy_AndNamesNoServer_WhileItDoesNot(string connectionString)
    {
        var entry = await CheckAsync(connectionString);

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(entry.Description, Is.EqualTo("The database does not answer."));
    }

    private static async Task<HealthReportEntry> CheckAsync(string connectionString)
    {
        var services = new ServiceCollection().AddLogging().AddMiraiPlatform(new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Mirai", connectionString)]).Build());
        services.AddHealthChecks().AddMiraiDatabase();
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        return report.Entries["database"];
    }
}
