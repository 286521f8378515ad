using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mirai.Testing;

namespace Mirai.Local.Tests;

/// <summary>Documents as a client of the API sees them.</summary>
internal static class Documents
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Uploads a Markdown document.</summary>
    /// <returns>The address of the document.</returns>
    public static async Task<Uri> UploadAsync(HttpClient client, string markdown)
    {
        using var body = new StringContent(markdown, Encoding.UTF8, new MediaTypeHeaderValue("text/markdown"));
        using var answer = await client.PostAsync(new Uri("/api/documents", UriKind.Relative), body);
        Assert.That((int)answer.StatusCode, Is.EqualTo(202), await answer.Content.ReadAsStringAsync());

        return answer.Headers.Location!;
    }

    /// <summary>Waits until the worker has read a document.</summary>
    public static Task WaitUntilReadyAsync(HttpClient client, Uri document) => RedisWait.UntilAsync(
        async () => JsonElement.Parse(await client.GetStringAsync(document)) is var found
            && found.GetProperty("state").GetString() == "ready",
        Patience, $"document {document} is ready");
}
