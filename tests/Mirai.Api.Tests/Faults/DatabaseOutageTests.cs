using System.Net;
using Microsoft.Data.Sqlite;
using Mirai.Api.Tests.Documents;
using Mirai.Testing;

namespace Mirai.Api.Tests.Faults;

internal sealed class DatabaseOutageTests : DocumentTest
{
    [Test]
    public async Task Post_IsUnavailable_AndEnqueuesNothing_WhileSomebodyLocksTheDatabase()
    {
        await using var other = new SqliteConnection(Api.ConnectionString);
        await other.OpenAsync();
        await using var writing = await other.BeginTransactionAsync();

        var response = await PostAsync(Path, Content("# Hi", "text/markdown"));

        var problem = await ProblemAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.That(problem.GetProperty("detail").GetString(), Is.EqualTo("The database does not answer."));
        Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(problem.ToString(), Does.Not.Contain("SQLite").And.Not.Contain(".db"));
        Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
    }

    protected override ApiHost CreateApi() => new(
        RedisUrl, new Dictionary<string, string> { ["ConnectionStrings:Mirai"] = "Default Timeout=1" });
}
