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
        using var platform = new ServiceCollection()
            .AddLogging().AddMiraiPlatform(new ConfigurationBuilder().Build()).BuildServiceProvider();

        Assert.That(platform.GetRequiredService<DatabaseFile>().Path, Is.EqualTo(Path.GetFullPath(".local/mirai.db")));
        Assert.That(platform.GetRequiredService<IOptions<DocumentOptions>>().Value.MaxBytes, Is.EqualTo(1024 * 1024));
        Assert.That(platform.GetRequiredService<IDocumentStore>(), Is.Not.Null);
    }

    [TestCase("ConnectionStrings:Mirai", "Data Source=:memory:")]
    [TestCase("Documents:MaxBytes", "0")]
    [TestCase("Documents:MaxBytes", "4194305")]
    public async Task Host_DoesNotStart_AndNamesTheSetting_WhenItIsNotValid(string key, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]);
        builder.Services.AddMiraiPlatform(builder.Configuration);
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(error!.Message, Does.Contain(key.Split(':')[^1]));
    }
}
