using Mirai.Platform.Database;
using Npgsql;

namespace Mirai.Platform.Tests.Database;

internal sealed class DatabaseAddressTests
{
    [TestCase("postgres://ann:p%40ss@db.example:6432/mirai", "db.example", 6432, "mirai", "ann", "p@ss")]
    [TestCase("postgresql://ann@db/mirai", "db", 5432, "mirai", "ann", null)]
    [TestCase("POSTGRES://db/my%20data", "db", 5432, "my data", null, null)]
    [TestCase("postgres://ann:a:b@[::1]/mirai", "::1", 5432, "mirai", "ann", "a:b")]
    [TestCase("Host=db;Database=mirai;Username=ann;Password=p;Port=7", "db", 7, "mirai", "ann", "p")]
    [TestCase("server=db;database=mirai", "db", 5432, "mirai", null, null)]
    public void Parse_ReadsBothForms_OfPostgreSql(
        string text, string host, int port, string database, string? user, string? password)
    {
        var address = DatabaseAddress.Parse(text);

        var parts = new NpgsqlConnectionStringBuilder(address.ConnectionString);
        Assert.That(address, Is.TypeOf<PostgreSqlAddress>());
        Assert.That(
            (parts.Host, parts.Port, parts.Database, parts.Username, parts.Password),
            Is.EqualTo((host, port, database, user, password)));
        Assert.That(address.Name, Is.EqualTo($"PostgreSQL {host}:{port}/{database}"), "and no password");
    }

    [Test]
    public void Parse_ReadsParameters_ByTheirNamesInLibpq()
    {
        var address = DatabaseAddress.Parse(
            "postgres://db/mirai?sslmode=verify-full&sslrootcert=%2Fca.pem&connect_timeout=7&application_name=me");

        var parts = new NpgsqlConnectionStringBuilder(address.ConnectionString);
        Assert.That(
            (parts.SslMode, parts.RootCertificate, parts.Timeout, parts.ApplicationName),
            Is.EqualTo((SslMode.VerifyFull, "/ca.pem", 7, "me")));
    }

    [TestCase("postgres://", "This is not an address such as postgres://")]
    [TestCase("postgres://ann:geheim@h1,h2/db", "This is not an address such as postgres://")]
    [TestCase("postgres://ann:geheim@db/", "A PostgreSQL connection needs Host and Database.")]
    [TestCase("postgres://ann:geheim@db/mirai?nonsense=1", "The parameter \"nonsense\" of the address is not known")]
    [TestCase("postgres://ann:geheim@db/mirai?sslmode=maybe", "The parameter \"sslmode\" of the address is not known")]
    [TestCase("Host=db;Password=geheim", "A PostgreSQL connection needs Host and Database.")]
    [TestCase("Host=db;Database=m;Password=geheim;Port=many", "This is not a PostgreSQL connection string")]
    [TestCase("mysql://ann:geheim@db/mirai", "This is not a SQLite connection string")]
    public void Parse_SaysWhatIsWrong_WithoutThePassword(string text, string message) => Assert.That(
        () => DatabaseAddress.Parse(text),
        Throws.TypeOf<FormatException>().With.Message.StartsWith(message).And.Message.Not.Contain("geheim"));
}
