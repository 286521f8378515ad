using System.Net;
using Mirai.Testing;

namespace Mirai.Api.Tests.Hosting;

/// <summary>Who gets in without credentials, in the real program: nobody, except a developer on the same
/// machine.</summary>
internal sealed class DevelopmentProgramTests : RedisTest
{
    [TestCase("ASPNETCORE_ENVIRONMENT", "Production")]
    [TestCase("DOTNET_ENVIRONMENT", "Production")]
    [TestCase("ASPNETCORE_ENVIRONMENT", "production")]
    [TestCase("ASPNETCORE_ENVIRONMENT", "Staging")]
    public async Task DotNetRun_AsksForCredentials_InTheEnvironmentThatIsNamed(string variable, string name) =>
        await AssertStatusAsync(ApiProgram.DotNetRun([], Address(), (variable, name)), HttpStatusCode.Unauthorized);

    [Test]
    public async Task DotNetRun_AsksForCredentials_WhenAnArgumentNamesTheEnvironment() => await AssertStatusAsync(
        ApiProgram.DotNetRun(["--", "--environment", "Production"], Address()), HttpStatusCode.Unauthorized);

    [Test]
    public async Task DotNetRun_Ends_WhenItsOptionNamesProduction()
    {
        Assume.That(Build.Configuration, Is.EqualTo("Debug"));
        await using var program = ApiProgram.DotNetRun(["-e", "ASPNETCORE_ENVIRONMENT=Production"], Address());

        var (exitCode, error) = await program.WaitForEndAsync();

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.StartWith("Mirai.Api did not start: ").And.Contain("ASPNETCORE_ENVIRONMENT"));
    }

    [Test]
    public async Task DotNetRun_AnswersADeveloper_WhenNoEnvironmentIsNamed() => await AssertStatusAsync(
        ApiProgram.DotNetRun([], Address()),
        Build.Configuration == "Debug" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);

    [TestCase("Development", HttpStatusCode.OK)]
    [TestCase("development", HttpStatusCode.OK)]
    [TestCase("Developement", HttpStatusCode.Unauthorized)]
    [TestCase("Dev", HttpStatusCode.Unauthorized)]
    [TestCase("", HttpStatusCode.Unauthorized)]
    public async Task Program_AnswersWithoutCredentials_OnlyAsDevelopment(string name, HttpStatusCode status) =>
        await AssertStatusAsync(ApiProgram.Start(Address(), ("ASPNETCORE_ENVIRONMENT", name)), status);

    [Test]
    public async Task Program_AsksForCredentials_WhenTheStrongerVariableNamesProduction() => await AssertStatusAsync(
        ApiProgram.Start(
            Address(), ("ASPNETCORE_ENVIRONMENT", "Development"), ("DOTNET_ENVIRONMENT", "Production")),
        HttpStatusCode.Unauthorized);

    [Test]
    public async Task Program_AsksForCredentials_WhenNoEnvironmentIsNamed() =>
        await AssertStatusAsync(ApiProgram.Start(Address()), HttpStatusCode.Unauthorized);

    private static (string Name, string Value) Address() => ("REDIS_URL", RedisUrl);

    private static async Task AssertStatusAsync(ApiProgram program, HttpStatusCode status)
    {
        await using (program)
        {
            using var client = await program.ConnectAsync();

            var response = await client.GetAsync("/api/queues");

            Assert.That(response.StatusCode, Is.EqualTo(status));
        }
    }
}
