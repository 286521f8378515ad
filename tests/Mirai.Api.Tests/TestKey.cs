using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mirai.Api.Tests;

/// <summary>An API key: what the settings know of it, and how a request carries it.</summary>
internal sealed record TestKey(string Name, params string[] Scopes)
{
    public string[] Queues { get; init; } = [];

    public string[] Types { get; init; } = [];

    private string Secret => $"secret of {Name}";

    /// <summary>The settings of an API that knows these keys.</summary>
    public static Dictionary<string, string> Settings(params TestKey[] keys) =>
        keys.SelectMany(key => key.Settings()).ToDictionary();

    /// <summary>Sends a request with this key.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpClient api, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-Api-Key", Secret);

        return await api.SendAsync(request);
    }

    private IEnumerable<KeyValuePair<string, string>> Settings() =>
    [
        new($"Security:ApiKeys:{Name}:Hash", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)))),
        .. List(nameof(Scopes), Scopes), .. List(nameof(Queues), Queues), .. List(nameof(Types), Types),
    ];

    private IEnumerable<KeyValuePair<string, string>> List(string setting, string[] values) => values.Select((value, i) =>
        KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"Security:ApiKeys:{Name}:{setting}:{i}"), value));
}
