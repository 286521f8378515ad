using Mirai.Platform.Documents;

namespace Mirai.Worker.Tests;

internal sealed class ProgramTests : WorkerTest
{
    [TestCase("Queue__Server__Concurrency", "0", "Concurrency")]
    [TestCase("Queue__Server__Queues__low", "many", "Queue:Server:Queues:low")]
    [TestCase("Polls__Interval", "00:00:00", "Interval")]
    [TestCase("Polls__Interval", "soon", "Polls:Interval")]
    [TestCase("Model__BaseUrl", "localhost", "Model:BaseUrl")]
    [TestCase("REDIS_URL", "redis://h:1/x", "REDIS_URL")]
    [TestCase("ConnectionStrings__Mirai", "Data Source=/dev/null/x/mirai.db", "ConnectionStrings:Mirai")]
    public async Task Program_EndsWithOneLine_WhenASettingIsWrong(string name, string value, string named)
    {
        await using var worker = WorkerProcess.Start(Folder, (name, value));

        var (exitCode, output, error) = await worker.ExitAsync(Patience);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(error, Does.StartWith("Mirai.Worker did not start: ").And.Contain(named));
        Assert.That(output, Is.Empty);
    }

    [Test]
    public async Task Program_DoesTheWork_TakesSettingsFromTheEnvironment_AndStopsWhenTold()
    {
        var producer = await ProducerAsync();
        var id = (await Documents(producer).CreateAsync(Note)).Id;

        await using var worker = Start(("Queue__Server__Concurrency", "4"), ("Queue__Server__Queues__bulk", "1"));
        var document = await FinishedAsync(producer, id);
        worker.Terminate();
        var (exitCode, output, error) = await worker.ExitAsync(Patience);

        Assert.That((document.State, document.FailureReason), Is.EqualTo((DocumentState.Ready, (string?)null)));
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("with 4 slots").And.Contain("bulk"));
        Assert.That(output, Does.Contain($"Read document {id}: 1 sections, 3 words"));
        Assert.That(output.TrimEnd().Split('\n'), Is.All.Match(@"^\d\d:\d\d:\d\d\.\d\d\d info: "), "one line each");
    }

    [Test]
    public async Task Programs_StartTogether_OnADatabaseThatIsNotThere()
    {
        await using var first = Start();
        await using var second = Start();
        await WaitUntilAsync(async () => await Redis.SortedSetLengthAsync("asynq:servers") == 2);

        Assert.That(await QueryAsync("""SELECT count(*) > 0 FROM "__EFMigrationsHistory" """), Is.EqualTo(new[] { "1" }));
        Assert.That(await QueryAsync("SELECT count(*) FROM documents"), Is.EqualTo(new[] { "0" }));
    }

    private WorkerProcess Start(params (string Name, string Value)[] environment) => WorkerProcess.Start(
        Folder, [("REDIS_URL", RedisUrl), ("ConnectionStrings__Mirai", ConnectionString), .. environment]);
}
