using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.Server.Running;

namespace Mirai.Queue.InteropTests.Vectors;

/// <summary>Which handler a task type leads to.</summary>
[GoldenFile(Path)]
internal sealed class ServeMuxVectorTests
{
    private const string Path = "v0.26.0/serve_mux.json";

    [TestCaseSource(nameof(Matches))]
    public async Task Find_LeadsWhereGosMuxLeads(string type, string pattern, string? error)
    {
        var chosen = "";
        var handlers = GoldenFiles.ReadForTest()["patterns"]!.AsArray().Select(known => KeyValuePair.Create(
            (string)known!,
            (TaskPipeline)(_ =>
            {
                chosen = (string)known!;
                return Task.CompletedTask;
            })));
        var router = new TaskRouter(handlers, []);

        var run = router.Find(type)(new TaskContext { TaskId = "id", Type = type });

        if (error is null)
        {
            await run;
        }
        else
        {
            Assert.That((await Assert.ThrowsAsync<HandlerNotFoundException>(() => run))!.Message, Is.EqualTo(error));
        }

        Assert.That(chosen, Is.EqualTo(pattern));
    }

    [TestCase("empty pattern", "")]
    [TestCase("blank pattern", " ")]
    [TestCase("same pattern twice", "x", "x")]
    public void Constructor_Refuses_WhereGoPanics(string what, params string[] patterns)
    {
        Assert.That(GoldenFiles.ReadForTest()["panics"]!.AsObject().ContainsKey(what), Is.True);

        Assert.That(
            () => new TaskRouter(patterns.Select(pattern => KeyValuePair.Create(pattern, Succeed)), []),
            Throws.InvalidOperationException);
    }

    [Test]
    public void AddHandler_RefusesNull_WhereGoPanics()
    {
        Assert.That(GoldenFiles.ReadForTest()["panics"]!.AsObject().ContainsKey("nil handler"), Is.True);

        var queue = new ServiceCollection().AddMiraiQueue(_ => { }).AddServer();

        Assert.That(
            () => queue.AddHandler("x", (Func<TaskContext, CancellationToken, Task>)null!),
            Throws.ArgumentNullException);
    }

    private static TaskPipeline Succeed { get; } = _ => Task.CompletedTask;

    private static IEnumerable<TestCaseData> Matches() =>
        from match in GoldenFiles.Read(Path)["matches"]!.AsArray()
        select new TestCaseData((string)match!["type"]!, (string)match["pattern"]!, (string?)match["error"]);
}
