using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Mirai.Testing;

namespace Mirai.Api.Tests.Documents;

/// <summary>A test of documents over HTTP.</summary>
internal abstract class DocumentTest : ApiTest
{
    protected const string Path = "/api/documents";

    // What a test leaves in the outbox would show up in the next test's Redis.
    [TearDown]
    public Task EmptyOutboxAsync() => RedisWait.UntilAsync(
        async () => (await Api.Database.QueryAsync("""SELECT count(*) FROM outbox WHERE "PublishedAt" IS NULL"""))[0] == "0",
        TimeSpan.FromSeconds(60), "the outbox is empty");

    protected static ByteArrayContent Content(string text, string? contentType) =>
        Content(Encoding.UTF8.GetBytes(text), contentType);

    protected static ByteArrayContent Content(byte[] bytes, string? contentType)
    {
        var content = new ByteArrayContent(bytes);
        if (contentType is not null)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        return content;
    }

    protected static MultipartFormDataContent Form(params (HttpContent Content, string FileName)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (content, name) in files)
        {
            form.Add(content, "file", name);
        }

        return form;
    }

    protected static async Task<long> CountRowsAsync(ApiHost api) => long.Parse(
        (await api.Database.QueryAsync("SELECT count(*) FROM documents"))[0], CultureInfo.InvariantCulture);

    /// <summary>The tasks that wait, once there are so many: the outbox publishes them after the answer.</summary>
    protected static async Task<string[]> PendingAsync(int count)
    {
        await RedisWait.UntilAsync(
            async () => await Redis.ListLengthAsync("asynq:{default}:pending") >= count,
            TimeSpan.FromSeconds(60), $"{count} tasks wait");

        return [.. (await Redis.ListRangeAsync("asynq:{default}:pending")).Select(task => (string)task!)];
    }
}
