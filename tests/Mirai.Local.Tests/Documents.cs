using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Mirai.Local.Tests;

/// <summary>The first real task as a client of the API sees it.</summary>
internal static class Documents
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Uploads a Markdown document and tells where it will be.</summary>
    public static async Task<Uri> UploadAsync(HttpClient client, string markdown)
    {
        using var body = new StringContent(markdown, Encoding.UTF8, new MediaTypeHeaderValue("text/markdown"));
        using var answer = await client.PostAsync(new Uri("/api/documents", UriKind.Relative), body);
        Assert.That((int)answer.StatusCode, Is.EqualTo(202), await answer.Content.ReadAsStringAsync());

        return answer.Headers.Location!;
    }

    /// <summary>The document once the worker has read it.</summary>
    public static async Task<JsonElement> WaitUntilReadyAsync(HttpClient client, Uri document)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (true)
        {
            var found = JsonElement.Parse(await client.GetStringAsync(document));
            if (found.GetProperty("state").GetString() == "ready" || time.GetElapsedTime(started) > Patience)
            {
                return found;
            }

            await Task.Delay(Pause, time);
        }
    }
}
