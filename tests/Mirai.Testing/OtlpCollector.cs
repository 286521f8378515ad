using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Mirai.Local.Redis;

namespace Mirai.Testing;

/// <summary>A collector for OTLP over HTTP that records the path and the body of every request.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpListener listener = new();
    private readonly ConcurrentDictionary<string, Channel<byte[]>> bodies = new();
    private readonly Task serving;

    public OtlpCollector()
    {
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.FindFree()}");
        listener.Prefixes.Add(Url + "/");
        listener.Start();
        serving = Task.Run(ServeAsync);
    }

    /// <summary>The address on which the collector listens.</summary>
    public string Url { get; }

    /// <summary>The settings that make a program send all telemetry here without delay.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
    };

    /// <summary>The requests that are not OTLP over HTTP.</summary>
    public ConcurrentQueue<string> Mistakes { get; } = [];

    /// <summary>Waits for a request to a path whose body contains all texts: protobuf writes text as UTF-8.</summary>
    /// <exception cref="OperationCanceledException">No such request came in time.</exception>
    public async Task WaitAsync(string path, params string[] texts)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var body in BodiesOf(path).Reader.ReadAllAsync(patience.Token))
        {
            if (texts.All(text => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0))
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private Channel<byte[]> BodiesOf(string path) => bodies.GetOrAdd(path, _ => Channel.CreateUnbounded<byte[]>());

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                await TakeAsync(context.Request);
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
            catch (Exception exception)
                when (exception is HttpListenerException or ObjectDisposedException or IOException)
            {
                // The collector is closed, or the sender has closed the connection.
            }
        }
    }

    private async Task TakeAsync(HttpListenerRequest request)
    {
        var path = request.Url!.AbsolutePath;
        if (request.HttpMethod != "POST" || request.ContentType != "application/x-protobuf")
        {
            Mistakes.Enqueue($"{request.HttpMethod} {path} {request.ContentType}");
        }

        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        BodiesOf(path).Writer.TryWrite(body.ToArray());
    }
}
