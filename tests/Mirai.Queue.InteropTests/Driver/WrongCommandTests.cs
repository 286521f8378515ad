using Mirai.Queue.InteropTests.Recordings;

namespace Mirai.Queue.InteropTests.Driver;

/// <summary>What the driver refuses to begin: one line on standard error, nothing on standard output.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class WrongCommandTests
{
    [TestCase("dance", "command")]
    [TestCase("inspect -page 0", "-page")]
    [TestCase("inspect -page-size 10001", "10000")]
    [TestCase("inspect -history x", "-history")]
    [TestCase("action", "run-all")]
    [TestCase("action dance", "run-all")]
    [TestCase("action run", "-id")]
    [TestCase("action reschedule -id a", "-process-at")]
    [TestCase("action reschedule -id a -process-at soon", "-process-at")]
    [TestCase("action run-all", "-state")]
    [TestCase("action run-all -state done", "-state")]
    [TestCase("action delete-queue -force=maybe", "-force")]
    [TestCase("enqueue", "-type")]
    [TestCase("enqueue -type t -priority 1", "-priority")]
    [TestCase("enqueue -type t -queue", "-queue")]
    [TestCase("enqueue -type t -timeout 5", "-timeout")]
    [TestCase("enqueue -type t -n 0", "-n")]
    [TestCase("enqueue -type t -header k", "-header")]
    [TestCase("enqueue -type t -payload a -payload-b64 YQ==", "-payload-b64")]
    [TestCase("enqueue -type t -payload-file /no/such/file", "-payload-file")]
    [TestCase("work -queues default", "-queues")]
    [TestCase("work -exit-after soon", "-exit-after")]
    [TestCase("work -panic -revoke", "-revoke")]
    [TestCase("work -aggregate -group-grace soon", "-group-grace")]
    [TestCase("schedule -type t", "-spec")]
    [TestCase("schedule -spec @daily", "-type")]
    [TestCase("schedule -spec @daily -type t -for ever", "-for")]
    [TestCase("snapshot -layout legacy", "legacy")]
    [TestCase("snapshot -redis x -cluster y:1", "-cluster")]
    [TestCase("snapshot -uri http://x", "http")]
    [TestCase("snapshot -redis 127.0.0.1:1", "Connection refused")]
    public async Task Run_ExitsWith1_AndNamesWhatIsWrong(string commandLine, string named)
    {
        var result = await DriverProcess.RunAsync(ShellWords.Split(commandLine));

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Lines, Is.Empty);
        Assert.That(result.Errors, Does.Contain(named));
        Assert.That(result.Errors.TrimEnd('\n', '\r'), Does.Not.Contain('\n'));
    }
}
