using System.Diagnostics;
using Mirai.Faults.Tests.Harness;
using Mirai.Local.Redis;

namespace Mirai.Faults.Tests.Deaths;

/// <summary>SIGTERM during the first seconds of API and worker, as an orchestrator sends it to a pod that it does not
/// need any more.</summary>
internal sealed class ProgramStopTests : FaultTest
{
    // 128 + SIGTERM: what the system does to a program that has not begun to handle signals.
    private const int EndedBySystem = 143;

    private string folder = null!;

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("mirai-faults-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task Stop_IsQuiet_WhenItComesWhileTheProgramStarts(
        [Values("Mirai.Api", "Mirai.Worker")] string program, [Values(300, 800, 1_300, 2_000)] int milliseconds)
    {
        using var process = Start(program);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), Time);
            UnixSignal.Send(process.Id, UnixSignal.Terminate);
            await process.WaitForExitAsync().WaitAsync(Patience);

            var printed = await output + await errors;
            Assert.That(process.ExitCode, Is.AnyOf(0, EndedBySystem), printed);
            Assert.That(printed, Does.Not.Contain("Unhandled exception"));
        }
        finally
        {
            process.Kill();
        }
    }

    private Process Start(string program)
    {
        var start = new ProcessStartInfo(BuildFolders.DotnetHost, ["exec", BuildFolders.Program(program)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["REDIS_URL"] = RedisServer.Url;
        start.Environment["ConnectionStrings__Mirai"] = $"Data Source={Path.Combine(folder, "mirai.db")}";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["Ops__Port"] = "0";

        return Process.Start(start)!;
    }
}
