using Mirai.Api.Tests.Security;

namespace Mirai.Api.Tests;

/// <summary>An API key: what the settings know of it, and how a request carries it.</summary>
internal sealed record TestKey(string Name, params string[] Scopes)
{
    public string[] Queues { get; init; } = [];

    public string[] Types { get; init; } = [];

    private string Secret => $"secret of {Name}";

    /// <summary>The settings of an API that knows these keys.</summary>
    public static Dictionary<string, string> Settings(params TestKey[] keys) => keys
        .SelectMany(key => Keys.Settings(key.Name, key.Secret, key.Scopes, key.Queues, key.Types)).ToDictionary();

    /// <summary>Sends a request with this key.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpClient api, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-Api-Key", Secret);

        return await api.SendAsync(request);
    }
}
