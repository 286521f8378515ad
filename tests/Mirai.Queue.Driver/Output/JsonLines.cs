using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mirai.Queue.Driver.Output;

/// <summary>JSON objects on standard output, one a line, whole lines whoever writes them.</summary>
internal sealed class JsonLines(Stream stream) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock gate = new();

    public void Write(JsonObject line)
    {
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, Plain), (byte)'\n'];
        lock (gate)
        {
            stream.Write(bytes);
            stream.Flush();
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
