using System.Text;
using System.Text.RegularExpressions;

namespace Mirai.Api.Tests.Telemetry;

[NonParallelizable] // its exporters hear the whole process
internal sealed class MetricsTests : ApiTest
{
    [Test]
    public async Task Get_TellsWhatTheQueuesHold()
    {
        await using var api = CreateApi(); // it has not asked Redis yet
        using var task = new StringContent(
            """{"type":"mail:send","queue":"metrics","taskId":"a"}""", Encoding.UTF8, "application/json");
        await api.Client.PostAsync("/api/tasks", task);

        var text = await api.Client.GetStringAsync("/metrics");

        Assert.That(text, Does.Match("""(?m)^asynq_queue_size\{[^}]*queue="metrics"[^}]*\} 1\b"""));
        Assert.That(text, Does.Contain("messaging_client_sent_messages_total{"));
    }

    [Test]
    public async Task Get_HasEverySeriesOfQueues_ThatIsDocumented()
    {
        await PostTaskAsync("""{"type":"mail:send"}""");
        await ListQueuesAsync("default");
        var documented = Regex.Matches(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "telemetry.md")),
            @"^\| `((?:asynq|mirai_queue)_\w+)` \|", RegexOptions.Multiline)
                .Select(match => match.Groups[1].Value).ToList();
        await using var api = CreateApi();

        var text = await api.Client.GetStringAsync("/metrics");

        Assert.That(documented, Has.Count.EqualTo(10));
        Assert.That(
            documented.Where(name => !text.Contains($"\n{name}{{", StringComparison.Ordinal)), Is.Empty);
    }
}
