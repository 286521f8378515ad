using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Platform.Documents;

namespace Mirai.Api.Tests.Documents;

internal sealed class PostDocumentTests : DocumentTest
{
    [TestCase("text/markdown", "document.md")]
    [TestCase("text/plain; charset=iso-8859-1", "document.txt")]
    [TestCase("TEXT/HTML", "document.html")]
    [TestCase("application/pdf", "document.pdf")]
    public async Task Post_StoresDocument_AndEnqueuesItsTask(string mediaType, string name)
    {
        var response = await PostAsync(Path, Content("# Hi", mediaType));

        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await response.Content.ReadAsStringAsync());
        var document = await JsonAsync(response);
        var id = document.GetProperty("id").GetGuid();
        Assert.That(response.Headers.Location!.ToString(), Is.EqualTo($"/api/documents/{id}"));
        Assert.That(
            document.EnumerateObject().Where(member => member.Name is not "id" and not "createdAt")
                .Select(member => $"{member.Name}={member.Value}"),
            Is.EqualTo(new[] { $"name={name}", $"mediaType={mediaType}", "size=4", "state=received", "progress=0" }));
        Assert.That(await PendingAsync(1), Is.EqualTo(new[] { $"{id}" }));
        var message = await MessageAsync("default", $"{id}");
        Assert.That((message.Type, message.Queue, message.Retry), Is.EqualTo(("sme:ingestion", "default", 3)));
        Assert.That(message.Payload.ToStringUtf8(), Is.EqualTo($$"""{"documentId":"{{id}}"}"""));
    }

    [Test]
    public async Task Post_KeepsBytesAndName()
    {
        byte[] bytes = [0xff, 0xfe, .. "H\0i\0"u8];

        var response = await PostAsync(
            $"{Path}?name=notes%20%C3%BC.txt", Content(bytes, "text/plain; charset=utf-16"));

        var id = (await JsonAsync(response)).GetProperty("id").GetGuid();
        var content = await Api.Services.GetRequiredService<DocumentStore>().FindContentAsync(id);
        Assert.That((content!.Name, content.MediaType), Is.EqualTo(("notes ü.txt", "text/plain; charset=utf-16")));
        Assert.That(content.Bytes.ToArray(), Is.EqualTo(bytes));
    }

    [TestCase("text/html", "page.bin", "text/html")]
    [TestCase("text/plain; charset=utf-8", "notes.md", "text/plain; charset=utf-8")]
    [TestCase("application/octet-stream", "Chapter 1.MD", "text/markdown")]
    [TestCase(null, "page.htm", "text/html")]
    public async Task Post_TakesTheFileOfAForm(string? contentType, string fileName, string expected)
    {
        var response = await PostAsync(Path, Form((Content("Hi", contentType), fileName)), chunked: true);

        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await response.Content.ReadAsStringAsync());
        var document = await JsonAsync(response);
        Assert.That(
            (document.GetProperty("mediaType").GetString(), document.GetProperty("name")
                .GetString(), document.GetProperty("size").GetInt32()),
            Is.EqualTo((expected, fileName, 2)));
        Assert.That(await PendingAsync(1), Is.EqualTo(new[] { document.GetProperty("id").GetString() }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Post_TakesLargeDocuments_UpToTheLimit(bool chunked)
    {
        var bytes = new byte[1024 * 1024];
        Array.Fill(bytes, (byte)'a');

        var raw = await PostAsync(Path, Content(bytes, "text/plain"), chunked);
        var form = await PostAsync(Path, Form((Content(bytes, "text/plain"), "a.txt")), chunked);

        Assert.That((raw.StatusCode, form.StatusCode), Is.EqualTo((HttpStatusCode.Accepted, HttpStatusCode.Accepted)));
        Assert.That((await JsonAsync(form)).GetProperty("size").GetInt32(), Is.EqualTo(bytes.Length));
    }
}
