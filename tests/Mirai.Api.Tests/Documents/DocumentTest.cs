using System.Net.Http.Headers;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Mirai.Api.Tests.Documents;

/// <summary>A test of documents over HTTP.</summary>
internal abstract class DocumentTest : ApiTest
{
    protected const string Path = "/api/documents";

    protected static ByteArrayContent Content(string text, string? contentType) => Content(Encoding.UTF8.GetBytes(text), contentType);

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

    protected static async Task<long> CountRowsAsync(ApiHost api)
    {
        await using var connection = new SqliteConnection(api.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM documents";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
