using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mirai.Platform.Database;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Tests.Hosting;

internal sealed class MiraiPlatformServiceCollectionExtensionsTests
{
    [Test]
    public void AddMiraiPlatform_HasDefaults_WhenNothingIsConfigured()
    {
        var nothing = new ConfigurationBuilder().Build();
        var services = new ServiceCollection();
        services.AddMiraiQueue(nothing).AddJsonContext(PlatformTasksJson.Default);
        using var platform = services.AddMiraiPlatform(nothing).BuildServiceProvider();

        Assert.That(
            platform.GetRequiredService<DatabaseAddress>().Name, Is.EqualTo(Path.GetFullPath(".local/mirai.db")));
        Assert.That(
            platform.GetRequiredService<IOptions<DocumentOptions>>().Value.MaxBytes, Is.EqualTo(16 * 1024 * 1024));
        Assert.That(platform.GetRequiredService<DocumentStore>(), Is.Not.Null);
    }

    [TestCase("ConnectionStrings:Mirai", "Data Source=:memory:")]
    [TestCase("DATABASE_URL", "postgres://u:geheim@h/db?nonsense=1")]
    [TestCase("DATABASE_URL", "nonsense")]
    [TestCase("Outbox:PollInterval", "00:00:00")]
    [TestCase("Outbox:BatchSize", "0")]
    [TestCase("Outbox:TaskRetention", "00:00:01")]
    [TestCase("Stripe:ApiBase", "stripe")]
    [TestCase("Stripe:Timeout", "00:01:00")]
    [TestCase("Stripe:SignatureTolerance", "02:00:00")]
    [TestCase("Stripe:ReconcileOverlap", "00:00:00")]
    [TestCase("Registrations:Lifetime", "00:00:00")]
    [TestCase("Registrations:PaymentLink", "buy here")]
    [TestCase("Cleanup:BatchSize", "0")]
    [TestCase("Cleanup:OutboxRetention", "00:00:00")]
    [TestCase("Documents:MaxBytes", "0")]
    [TestCase("Documents:MaxBytes", "67108865")]
    [TestCase("Documents:MaxTextBytes", "4194305")]
    [TestCase("Documents:ReadTimeout", "00:00:00")]
    [TestCase("Model:BaseUrl", "localhost:11434")]
    [TestCase("Model:Timeout", "00:31:00")]
    [TestCase("Model:MaxOutputTokens", "0")]
    [TestCase("Cleanup:JobRetention", "00:00:01")]
    public async Task Host_DoesNotStart_AndNamesTheSetting_WhenItIsNotValid(string key, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]);
        builder.Services.AddMiraiQueue(builder.Configuration).AddJsonContext(PlatformTasksJson.Default);
        builder.Services.AddMiraiPlatform(builder.Configuration);
        using var host = builder.Build();

        // Several exceptions, when several services read the same setting.
        Exception? error = null;
        try
        {
            await host.StartAsync();
        }
        catch (Exception exception) when (exception is OptionsValidationException or AggregateException)
        {
            error = exception;
        }

        Assert.That(error?.Message, Does.Contain(key.Split(':')[^1]).And.Not.Contain("geheim"));
    }

    [Test]
    public void DatabaseUrl_WinsOverTheConnectionString()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("DATABASE_URL", "postgres://u:geheim@h/db"), new("ConnectionStrings:Mirai", "Data Source=x.db"),
        ]).Build();
        using var platform = new ServiceCollection().AddMiraiPlatform(configuration).BuildServiceProvider();

        Assert.That(platform.GetRequiredService<DatabaseAddress>().Name, Is.EqualTo("PostgreSQL h:5432/db"));
    }
}
