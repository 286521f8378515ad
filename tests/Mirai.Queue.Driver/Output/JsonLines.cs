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

    private static readonly JsonSerializerOptions Indented = new(Plain) { WriteIndented = true };

    private readonly Lock gate = new();

    public void Write(JsonObject line) => Write(line, Plain);

    /// <summary>The one object of a command that people read, too.</summary>
    public void WriteIndented(JsonObject json) => Write(json, Indented);

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private void Write(JsonObject json, JsonSerializerOptions options)
    {
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(json, options), (byte)'\n'];
        lock (gate)
        {
            stream.Write(bytes);
            stream.Flush();
        }
    }
}
