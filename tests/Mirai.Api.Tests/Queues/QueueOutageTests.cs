using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Mirai.Api.Tests.Queues;

/// <summary>Redis does not answer those who manage queues.</summary>
internal sealed class QueueOutageTests : OperatorTest
{
    private static readonly Dictionary<string, string> Impatient = new()
    {
        ["Api:RedisTimeout"] = "00:00:00.1",
        ["Security:RequestTimeout"] = "00:00:01",
    };

    private SilentInspector inspector = null!;

    protected override ApiHost CreateApi()
    {
        inspector = SilentInspector.Create();
        return new ApiHost(RedisUrl, Impatient, services => services.AddSingleton(inspector.Inspector));
    }

    [TestCase("pause")]
    [TestCase("resume")]
    public async Task Change_SaysSo_AndLeavesARecord(string action)
    {
        var response = await PostAsync($"/api/queues/mail/{action}");

        await ProblemAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.That(response.Headers.RetryAfter, Is.Not.Null);
        Assert.That(await AuditAsync(), Is.EqualTo(new[]
        {
            $"who=development action=queue.{action} target=mail count=0 outcome=TimeoutException",
        }));
    }

    [Test]
    public async Task Delete_TakesAsLongAsTheRequestMay()
    {
        var response = await Client.DeleteAsync("/api/queues/mail");

        await ProblemAsync(response, HttpStatusCode.GatewayTimeout);
        await inspector.Cancelled;
        Assert.That(await AuditAsync(), Is.EqualTo(new[]
        {
            "who=development action=queue.delete target=mail count=0 outcome=TaskCanceledException",
        }));
        Assert.That(Api.Log, Has.None.StartsWith("Error"));
    }
}
