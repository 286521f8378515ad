using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue;

namespace Mirai.Platform.Tests;

internal sealed class SmeIngestionTests
{
    [Test]
    public void Task_HasTheMissionsTypeQueueAndRetries()
    {
        var services = new ServiceCollection();
        services.AddMiraiQueue(_ => { }).AddJsonContext(PlatformTasksJson.Default);
        using var provider = services.BuildServiceProvider();

        var task = provider.GetRequiredService<IQueueClient>().CreateTask(
            new SmeIngestion(Guid.Parse("0198c0de-0000-7000-8000-00000000000a")));

        Assert.That(
            (task.Type, task.Options.Queue, task.Options.MaxRetry), Is.EqualTo(("sme:ingestion", "default", 3)));
        Assert.That(
            Encoding.UTF8.GetString(task.Payload!.Value.Span),
            Is.EqualTo("""{"documentId":"0198c0de-0000-7000-8000-00000000000a"}"""));
    }

    [TestCase("{}")]
    [TestCase("""{"documentId":null}""")]
    [TestCase("""{"documentId":"7"}""")]
    public void Payload_IsRefused_WithoutADocument(string json) => Assert.That(
        () => JsonSerializer.Deserialize(json, PlatformTasksJson.Default.SmeIngestion),
        Throws.TypeOf<JsonException>());
}
