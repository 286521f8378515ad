using Mirai.Queue.Server.Running;

namespace Mirai.Queue.Tests.Server.Running;

internal sealed class TaskRouterTests
{
    private readonly List<string> steps = [];

    [SetUp]
    public void Forget() => steps.Clear();

    [Test]
    public async Task Find_WrapsHandler_TheFirstMiddlewareOutermost()
    {
        var router = new TaskRouter([Handler("mail:send")], [Middleware("outer"), Middleware("inner")]);

        await router.Find("mail:send")(Context("mail:send"));

        Assert.That(steps, Is.EqualTo(new[] { "outer in", "inner in", "mail:send", "inner out", "outer out" }));
    }

    [Test]
    public void Find_WrapsTheFailureToo_WhenNobodyHandlesTheType()
    {
        var router = new TaskRouter([Handler("mail:send")], [Middleware("outer")]);

        Assert.That(
            () => router.Find("sms:send")(Context("sms:send")),
            Throws.InstanceOf<HandlerNotFoundException>()
                .With.Message.EqualTo("handler not found for task \"sms:send\""));
        Assert.That(steps, Is.EqualTo(new[] { "outer in" }));
    }

    private static TaskContext Context(string type) => new() { TaskId = "a", Type = type };

    private KeyValuePair<string, TaskPipeline> Handler(string pattern) =>
        KeyValuePair.Create<string, TaskPipeline>(pattern, context =>
    {
        steps.Add(context.Type);
        return Task.CompletedTask;
    });

    private Func<TaskPipeline, TaskPipeline> Middleware(string name) => next => async context =>
    {
        steps.Add($"{name} in");
        await next(context);
        steps.Add($"{name} out");
    };
}
