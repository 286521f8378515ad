using System.Net;
using Mirai.Api.Tests.Documents;
using Mirai.Testing;

namespace Mirai.Api.Tests.Faults;

internal sealed class DatabaseOutageTests : DocumentTest
{
    private static bool IsPostgreSql => TestDatabase.DefaultKind == DatabaseKind.PostgreSql;

    [Test]
    public async Task Post_IsUnavailable_AndEnqueuesNothing_WhileSomebodyLocksTheDatabase()
    {
        await using var other = await Api.Database.OpenAsync();
        await using var writing = await other.BeginTransactionAsync();
        if (IsPostgreSql)
        {
            await using var command = other.CreateCommand();
            command.CommandText = "LOCK TABLE documents";
            await command.ExecuteNonQueryAsync();
        }

        var response = await PostAsync(Path, Content("# Hi", "text/markdown"));

        var problem = await ProblemAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.That(problem.GetProperty("detail").GetString(), Is.EqualTo("The database does not answer."));
        Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(problem.ToString(), Does.Not.Contain("SQL").And.Not.Contain("mirai_").And.Not.Contain(".db"));
        Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
    }

    protected override ApiHost CreateApi() => new(
        RedisUrl, new Dictionary<string, string> { ["ConnectionStrings:Mirai"] = IsPostgreSql
            ? "Command Timeout=1" : "Default Timeout=1" });
}
