using System.Diagnostics;
using System.Reflection;
using Mirai.Local.Redis;
using Mirai.Testing;

namespace Mirai.EndToEnd.Tests.Hosting;

/// <summary>SIGTERM at any moment of a start ends a program quietly: no exception, no abort.</summary>
[Platform(Exclude = "Win", Reason = "There is no such signal.")]
internal sealed class StopWhileStartingTests : RedisTest
{
    // Before the program listens to signals, the system ends it.
    private const int EndedBySignal = 128 + UnixSignal.Terminate;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Program_EndsQuietly_WhenItIsStoppedWhileItStarts(
        [Values("Mirai.Api", "Mirai.Worker")] string program,
        [Values(0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.6, 2.0)] double seconds)
    {
        var folder = Directory.CreateTempSubdirectory("mirai-stop").FullName;
        using var process = Start(program, folder);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System); // the moment is what the test is about

        UnixSignal.Send(process.Id, UnixSignal.Terminate);
        await process.WaitForExitAsync().WaitAsync(Patience);

        Assert.That(process.ExitCode, Is.AnyOf(0, EndedBySignal), await output + await error);
        Assert.That(await error, Is.Empty);
        Assert.That(await output, Does.Not.Contain("xception"));
        Directory.Delete(folder, recursive: true);
    }

    private static Process Start(string program, string folder)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(Metadata("Root"), program, Metadata("Output"), $"{program}.dll"));
        foreach (var (name, value) in new[]
        {
            ("REDIS_URL", RedisUrl), ("Ops__Port", "0"), ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
            ("ConnectionStrings__Mirai", $"Data Source={Path.Combine(folder, "mirai.db")}"),
        })
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string Metadata(string key) => typeof(StopWhileStartingTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
