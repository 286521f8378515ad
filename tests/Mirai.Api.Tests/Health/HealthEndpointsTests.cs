using System.Net;

namespace Mirai.Api.Tests.Health;

internal sealed class HealthEndpointsTests : ApiTest
{
    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    [TestCase("/health/startup")]
    public async Task Get_IsHealthy_WhileRedisAnswers(string path)
    {
        var response = await Client.GetAsync(path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        // Further lines tell what could not be checked: Garnet has no eviction policy.
        Assert.That(await response.Content.ReadAsStringAsync(), Does.StartWith("Healthy"));
    }
}
