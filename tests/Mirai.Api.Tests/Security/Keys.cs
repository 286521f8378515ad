using System.Security.Cryptography;
using System.Text;

namespace Mirai.Api.Tests.Security;

/// <summary>API keys as settings.</summary>
internal static class Keys
{
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Settings of a key that is called like its client.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Settings(
        string name, string key, string[] scopes, string[]? queues = null, string[]? types = null)
    {
        var section = $"Security:ApiKeys:{name}";
        yield return new($"{section}:Hash", HashOf(key));
        foreach (var (list, values) in ((string, string[]?)[])[("Scopes", scopes), ("Queues", queues), ("Types", types)])
        {
            foreach (var (index, value) in (values ?? []).Index())
            {
                yield return new($"{section}:{list}:{index}", value);
            }
        }
    }
}
