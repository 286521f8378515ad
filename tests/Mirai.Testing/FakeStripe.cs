using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Mirai.Local.Redis;

namespace Mirai.Testing;

/// <summary>Stripe, as its documentation describes it: <c>GET /v1/checkout/sessions</c> and
/// <c>GET /v1/checkout/sessions/{id}</c>. It records every request, refuses what Stripe refuses, and fails when a test
/// says so.</summary>
public sealed class FakeStripe : IAsyncDisposable
{
    public const string ApiKey = "sk_test_geheim";
    public const string WebhookSecret = "whsec_geheim";

    private const int PageSize = 100;

    private readonly HttpListener listener = new();
    private readonly Task serving;
    private readonly ConcurrentDictionary<string, FakeSession> sessions = new();
    private readonly ConcurrentQueue<Func<HttpListenerResponse, Task>> faults = new();

    public FakeStripe()
    {
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.FindFree()}");
        listener.Prefixes.Add(Url + "/");
        listener.Start();
        serving = Task.Run(ServeAsync);
    }

    /// <summary>The value of <c>Stripe:ApiBase</c>.</summary>
    public string Url { get; }

    /// <summary>The requests: method and path with query.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>The requests that Stripe would refuse, with the reason.</summary>
    public ConcurrentQueue<string> Mistakes { get; } = [];

    /// <summary>The server waits for this task before it answers.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public void Add(FakeSession session) => sessions[session.Id] = session;

    /// <summary>Answers the next request with this status and body.</summary>
    public void FailNext(int status, string body, string? retryAfter = null) => faults.Enqueue(async response =>
    {
        response.StatusCode = status;
        if (retryAfter is not null)
        {
            response.Headers["Retry-After"] = retryAfter;
        }

        await WriteAsync(response, body);
    });

    /// <summary>Leaves the next request without an answer.</summary>
    public void HangNext() => faults.Enqueue(_ => Task.CompletedTask);

    /// <summary>The header <c>Stripe-Signature</c> as Stripe documents it: HMAC-SHA256 over time and body.</summary>
    public static string Sign(string body, DateTimeOffset at, string secret = WebhookSecret)
    {
        var signed = string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeSeconds()}.{body}");
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed));

        return string.Create(
            CultureInfo.InvariantCulture, $"t={at.ToUnixTimeSeconds()},v1={Convert.ToHexStringLower(mac)},v0=00");
    }

    public async ValueTask DisposeAsync()
    {
        Gate?.TrySetResult();
        listener.Close();
        await serving;
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => AnswerAsync(context.Request, context.Response));
        }
    }

    private async Task AnswerAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        Requests.Enqueue($"{request.HttpMethod} {Uri.UnescapeDataString(request.Url!.PathAndQuery)}");
        try
        {
            if (Gate is { } gate)
            {
                await gate.Task;
            }

            if (faults.TryDequeue(out var fault))
            {
                await fault(response);
            }
            else
            {
                await AnswerAsStripeAsync(request, response);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The caller has closed the connection.
        }
    }

    private async Task AnswerAsStripeAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        const string Sessions = "/v1/checkout/sessions";
        var path = request.Url!.AbsolutePath;
        if (request.Headers["Authorization"] != $"Bearer {ApiKey}")
        {
            Mistakes.Enqueue($"{path}: wrong key");
            await RefuseAsync(response, 401, "invalid_request_error", "", "Invalid API Key provided: sk_test_****");
        }
        else if (request.HttpMethod != "GET" || request.Headers["Stripe-Version"] is null)
        {
            Mistakes.Enqueue($"{request.HttpMethod} {path}: no such call");
            await RefuseAsync(response, 404, "invalid_request_error", "", "Unrecognized request URL.");
        }
        else if (path == Sessions)
        {
            await WriteAsync(response, List(request));
        }
        else if (sessions.TryGetValue(path[(Sessions.Length + 1)..], out var session))
        {
            await WriteAsync(
                response, session.ToJson(expandsIntent: request.QueryString["expand[0]"] == "payment_intent"));
        }
        else
        {
            var id = path[(Sessions.Length + 1)..];
            await RefuseAsync(
                response, 404, "invalid_request_error", "resource_missing", $"No such checkout.session: {id}");
        }
    }

    private string List(HttpListenerRequest request)
    {
        var since = long.Parse(request.QueryString["created[gte]"] ?? "0", CultureInfo.InvariantCulture);
        var status = request.QueryString["status"];
        var after = request.QueryString["starting_after"];
        var limit = int.Parse(request.QueryString["limit"] ?? "10", CultureInfo.InvariantCulture);
        if (limit > PageSize)
        {
            Mistakes.Enqueue($"limit {limit}");
        }

        var all = sessions.Values.Where(session => session.Created.ToUnixTimeSeconds() >= since)
            .Where(session => status is null || session.Status == status)
            .OrderByDescending(session => session.Created)
                .ThenBy(session => session.Id, StringComparer.Ordinal).ToList();
        var begin = after is null ? 0 : all.FindIndex(session => session.Id == after) + 1;
        var page = all.Skip(begin).Take(limit).ToList();
        var hasMore = begin + page.Count < all.Count ? "true" : "false";
        var data = string.Join(',', page.Select(session => session.ToJson(expandsIntent: false)));

        return $$"""{"object":"list","url":"/v1/checkout/sessions","has_more":{{hasMore}},"data":[{{data}}]}""";
    }

    private static Task RefuseAsync(
        HttpListenerResponse response, int status, string type, string code, string message)
    {
        response.StatusCode = status;
        return WriteAsync(
            response, $$$"""{"error":{"type":"{{{type}}}","code":"{{{code}}}","message":"{{{message}}}"}}""");
    }

    private static async Task WriteAsync(HttpListenerResponse response, string body)
    {
        response.ContentType = "application/json";
        response.Headers["Request-Id"] = "req_test";
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        response.Close();
    }
}
