using System.Text;
using Mirai.Api.Security;

namespace Mirai.Api.Tests.Security;

/// <summary>A test of the API as it is in production: with a key for each scope, and one for all of them.</summary>
internal abstract class SecurityTest : ApiTest
{
    protected const string EveryScope = "key-of-everything";

    protected static string KeyOf(string scope) => $"key-of-{scope}";

    protected override ApiHost CreateApi() => new(RedisUrl, Settings());

    protected static Dictionary<string, string> Settings(params IEnumerable<KeyValuePair<string, string>> more)
    {
        var settings = new Dictionary<string, string> { ["environment"] = "Production" };
        var keys = Scopes.All.SelectMany((scope, index) => Keys.Settings($"Of{index}", KeyOf(scope), [scope]))
            .Concat(Keys.Settings("Everything", EveryScope, [.. Scopes.All]))
            .Concat(more);
        foreach (var (name, value) in keys)
        {
            settings[name] = value;
        }

        return settings;
    }

    protected async Task<HttpResponseMessage> SendAsync(
        string method, string path, string? key = EveryScope, string? body = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>All that Redis holds, by name.</summary>
    protected static string[] AllKeys() =>
        [.. Redis.Multiplexer.GetServers()[0].Keys().Select(key => key.ToString()).Order(StringComparer.Ordinal)];
}
