using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Platform.Documents;

namespace Mirai.Api.Tests.Documents;

internal sealed class GetDocumentTests : DocumentTest
{
    private DocumentStore Store => Api.Services.GetRequiredService<DocumentStore>();

    [Test]
    public async Task Get_ShowsWhatWasRead_WhenReady()
    {
        var location = await CreateAsync();
        await Store.CompleteAsync(IdOf(location), new DocumentExtraction(
            "Tides", "Tides\n\nThe sea.\n\nMoon\n\nIt pulls.", 6, ["tides", "moon"],
            [new DocumentSection(null, 0, "Tides", 1), new DocumentSection("Moon", 2, "It pulls.", 3)]));

        var document = await JsonAsync(await Client.GetAsync(location));

        Assert.That(
            document.EnumerateObject()
                .Where(member => member.Name is not "id" and not "createdAt" and not "finishedAt")
                .Select(member => $"{member.Name}={member.Value}"),
            Is.EqualTo(new[]
            {
                "name=document.md", "mediaType=text/markdown", "size=4", "state=ready", "progress=100", "title=Tides",
                "words=6", "chunks=0",
                """keyTerms=["tides","moon"]""",
                """sections=[{"level":0,"text":"Tides","words":1},{"heading":"Moon","level":2,"text":"It pulls.","words":3}]""",
            }));
        Assert.That(
            document.GetProperty("finishedAt").GetDateTimeOffset(),
            Is.GreaterThanOrEqualTo(document.GetProperty("createdAt").GetDateTimeOffset()));
    }

    [Test]
    public async Task Get_ShowsWhy_WhenFailed()
    {
        var location = await CreateAsync();
        await Store.FailAsync(IdOf(location), "It is no text in utf-8.");

        var document = await JsonAsync(await Client.GetAsync(location));

        Assert.That(document.GetProperty("state").GetString(), Is.EqualTo("failed"));
        Assert.That(document.GetProperty("failureReason").GetString(), Is.EqualTo("It is no text in utf-8."));
        Assert.That(document.TryGetProperty("words", out _), Is.False);
    }

    [TestCase("00000000-0000-0000-0000-000000000000")]
    [TestCase("nope")]
    public async Task Get_IsNotFound_WhenThereIsNoSuchDocument(string id)
    {
        var problem = await ProblemAsync(await Client.GetAsync($"{Path}/{id}"), HttpStatusCode.NotFound);

        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("no document"));
    }

    private async Task<string> CreateAsync() =>
        (await PostAsync(Path, Content("# Hi", "text/markdown"))).Headers.Location!.ToString();

    private static Guid IdOf(string location) => Guid.Parse(location[(Path.Length + 1)..]);
}
