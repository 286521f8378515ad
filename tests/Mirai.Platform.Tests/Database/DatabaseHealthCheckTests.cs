using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Database;

internal sealed class DatabaseHealthCheckTests
{
    [Test, RequiresPostgreSql]
    public async Task Check_IsHealthy_WhileTheServerAnswers()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.PostgreSql);

        var entry = await CheckAsync(database.ConnectionString);

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Healthy), entry.Exception?.ToString());
    }

    [Test]
    public async Task Check_IsHealthy_WhileTheFileIsThere()
    {
        var file = Path.GetTempFileName();

        var entry = await CheckAsync($"Data Source={file};Pooling=False");
        File.Delete(file);
        var without = await CheckAsync($"Data Source={file};Pooling=False");

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Healthy), entry.Exception?.ToString());
        Assert.That(without.Status, Is.EqualTo(HealthStatus.Unhealthy));
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
