using Mirai.Platform.Database;

namespace Mirai.Platform.Tests.Database;

internal sealed class SqliteAddressTests
{
    [Test]
    public void Parse_MakesPathAbsolute_AndKeepsTheRest()
    {
        var file = SqliteAddress.Parse("Data Source=data/x.db;Cache=Private;Default Timeout=3");

        Assert.That(file.Name, Is.EqualTo(Path.GetFullPath("data/x.db")));
        Assert.That(file.ConnectionString, Is.EqualTo(
            $"Data Source={file.Name};Cache=Private;Foreign Keys=True;Default Timeout=3"));
    }

    [Test]
    public void Parse_BoundsTheWaitForAWriter_WhenNothingIsSaid() => Assert.That(
        SqliteAddress.Parse("Data Source=x.db").ConnectionString, Does.Contain("Default Timeout=10"));

    [TestCase("Data Source=:memory:", "Data Source must be the path of a file")]
    [TestCase("Data Source=x;Mode=Memory", "Data Source must be the path of a file")]
    [TestCase("Data Source=file:x.db?mode=ro", "Data Source must be the path of a file")]
    [TestCase("Cache=Shared", "Data Source must be the path of a file")]
    [TestCase("Host=db;Username=mirai", "This is not a SQLite connection string")]
    [TestCase("x.db", "This is not a SQLite connection string")]
    public void Parse_Refuses_WhatIsNoFile(string connectionString, string message) => Assert.That(
        () => SqliteAddress.Parse(connectionString), Throws.TypeOf<FormatException>()
            .With.Message.StartsWith(message));
}
