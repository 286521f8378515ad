using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Mirai.EndToEnd.Tests;

/// <summary>What changes is heard, also when another process changed it.</summary>
internal sealed class EventTests : EndToEndTest
{
    [Test]
    public async Task Stream_TellsOfDocumentAndJob_FromAnotherProcess()
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var events = await ListenAsync("/api/events", patience.Token);
        var document = await UploadAsync(Tides);
        var job = await AskAsync($$"""{"kind":"outline","documents":["{{document}}"]}""");
        var jobId = job[(job.LastIndexOf('/') + 1)..];

        var heard = await UntilAsync(events, item => item.EventType == "generation-job"
            && item.Data.Contains("succeeded", StringComparison.Ordinal));

        Assert.That(StatesOf(heard, "document", document), Is.EqualTo(new[] { "received", "reading", "ready" }));
        Assert.That(
            StatesOf(heard, "generation-job", jobId).Distinct(),
            Is.EqualTo(new[] { "queued", "enqueued", "running", "succeeded" }));
        Assert.That(heard.Select(item => item.EventType), Has.Some.EqualTo("course"));
    }

    [Test]
    public async Task Stream_TellsOnlyOfWhatIsAskedFor()
    {
        var document = await UploadAsync(Tides);
        using var patience = new CancellationTokenSource(Patience);
        var job = (await JsonAsync(await PostAsync("/api/generation-jobs", $$"""{"kind":"outline","documents":["{{document}}"]}""")))
            .GetProperty("id").GetString()!;
        await using var events = await ListenAsync($"/api/events?id={job}", patience.Token);

        var heard = await UntilAsync(events, item => item.Data.Contains("succeeded", StringComparison.Ordinal));

        Assert.That(
            heard.Where(item => item.EventType is not ("ready" or "ping")).Select(item => item.EventType),
            Is.All.EqualTo("generation-job"));
    }

    private async Task<IAsyncEnumerator<SseItem<string>>> ListenAsync(string path, CancellationToken cancellationToken)
    {
        var response = await Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        var events = SseParser.Create(await response.Content.ReadAsStreamAsync(cancellationToken))
            .EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await events.MoveNextAsync();
        Assert.That(events.Current.EventType, Is.EqualTo("ready"));

        return events;
    }

    private static async Task<List<SseItem<string>>> UntilAsync(
        IAsyncEnumerator<SseItem<string>> events, Func<SseItem<string>, bool> isLast)
    {
        var heard = new List<SseItem<string>>();
        while (await events.MoveNextAsync())
        {
            heard.Add(events.Current);
            if (isLast(events.Current))
            {
                return heard;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private static List<string?> StatesOf(List<SseItem<string>> heard, string kind, string id) => heard
        .Where(item => item.EventType == kind && item.Data.Contains(id, StringComparison.Ordinal))
        .Select(item => JsonDocument.Parse(item.Data).RootElement.GetProperty("state").GetString())
        .Aggregate(new List<string?>(), (states, state) =>
        {
            if (states.LastOrDefault() != state)
            {
                states.Add(state); // a worker tells every second how far it is
            }

            return states;
        });
}
