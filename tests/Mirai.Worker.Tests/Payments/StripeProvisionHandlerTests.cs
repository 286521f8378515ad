using Microsoft.Extensions.Hosting;
using Mirai.Local.Redis;
using Mirai.Platform;
using Mirai.Queue;

namespace Mirai.Worker.Tests.Payments;

/// <summary>Tests the task from Stripe's event through Redis and a whole worker to the database.</summary>
internal sealed class StripeProvisionHandlerTests : PaymentTest
{
    private static readonly EnqueueOptions AsTask = new() { TaskId = "task" };

    [Test]
    public async Task Task_SetsUpTheAccount()
    {
        var worker = await StartAsync();

        await TellAsync(worker, await RegisterAndPayAsync(worker));

        await AssertProvisionedAsync();
    }

    [Test]
    public async Task Task_ChangesNothing_WhenItRunsAgain()
    {
        var worker = await StartAsync();
        await TellAsync(worker, await RegisterAndPayAsync(worker));
        await AssertProvisionedAsync();
        var before = await EverythingAsync();

        await Client(worker)
            .EnqueueAsync(new StripeProvision(SessionId), AsTask with { Retention = TimeSpan.FromHours(1) });
        await UntilStateAsync(worker, TaskState.Completed);

        Assert.That(await EverythingAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Task_EndsAndSaysWhy_WhenThePaymentWasDeclined()
    {
        Stripe.Add(new(SessionId) { Status = "open", PaymentStatus = "unpaid", Decline = "expired_card" });
        var worker = await StartAsync();

        await Client(worker).EnqueueAsync(new StripeProvision(SessionId), AsTask);

        var task = await UntilStateAsync(worker, TaskState.Archived);
        Assert.That((task.Retried, task.MaxRetry), Is.EqualTo((0, 10)));
        Assert.That(task.LastError, Does.Contain("cs_… is not paid").And.EndWith("(expired_card)"));
    }

    [Test]
    public async Task Task_EndsAndSaysWhy_WhenStripeDoesNotKnowTheSession()
    {
        var worker = await StartAsync();

        await Client(worker).EnqueueAsync(new StripeProvision(SessionId), AsTask);

        var task = await UntilStateAsync(worker, TaskState.Archived);
        Assert.That(task.Retried, Is.Zero);
        Assert.That(task.LastError, Does.StartWith("Stripe does not know checkout session cs_…"));
    }

    [Test]
    public async Task Task_EndsAndSaysWhy_WhenItNamesNoSession()
    {
        var worker = await StartAsync();

        await Client(worker).EnqueueAsync(new StripeProvision(" "), AsTask);

        Assert.That(
            (await UntilStateAsync(worker, TaskState.Archived)).LastError,
            Is.EqualTo("The payload names no session: sessionId is empty."));
    }

    [TestCase(500, "<html>", 3)]
    [TestCase(429, """{"error":{"type":"rate_limit_error","message":"Too many requests"}}""", 3)]
    [TestCase(200, "{", 1)]
    public async Task Task_IsTriedAgain_WhileStripeIsAway(int status, string body, int requestsOfAnAttempt)
    {
        for (var i = 0; i < requestsOfAnAttempt; i++)
        {
            Stripe.FailNext(status, body);
        }

        var worker = await StartAsync();
        Stripe.Add(new(SessionId));
        await Client(worker).EnqueueAsync(
            new StripeProvision(SessionId), AsTask with { Retention = TimeSpan.FromHours(1) });

        var task = await UntilStateAsync(worker, TaskState.Retry);
        Assert.That(task.LastError, Does.StartWith("Stripe does not answer as expected: "));
        Assert.That(task.LastError, Does.Not.Contain("geheim"));
        await Redis.SortedSetAddAsync("asynq:{critical}:retry", "task", 1);
        await UntilStateAsync(worker, TaskState.Completed);
        Assert.That(await QueryAsync("SELECT count(*) FROM accounts"), Is.EqualTo(new[] { "1" }));
    }

    // Ten failures take hours: a task of the same session without retries represents the last attempt.
    [Test]
    public async Task Reconciliation_BeginsAgain_WhenTheLastRetryFailed()
    {
        var producer = await ProducerAsync(
            $"127.0.0.1:{LoopbackPort.FindFree()}", [.. StripeSettings, "--Queue:EnqueueTimeout=00:00:00.1"]);
        await TellAsync(producer, await RegisterAndPayAsync(producer));
        await QueryAsync("""UPDATE outbox SET "Error" = 'lost'""");
        for (var i = 0; i < 3; i++)
        {
            Stripe.FailNext(500, "");
        }

        var worker = await StartAsync();
        await Client(worker).EnqueueAsync(new StripeProvision(SessionId), AsTask with { MaxRetry = 0 });
        await UntilAsync("""SELECT "State" FROM checkouts""", "Exhausted");
        await UntilStateAsync(worker, TaskState.Archived);

        await Client(worker).EnqueueAsync(new StripeReconcile());

        await AssertProvisionedAsync();
    }

    private static async Task<TaskInfo> UntilStateAsync(IHost worker, TaskState state)
    {
        TaskInfo? task = null;
        await WaitUntilAsync(
            async () => (task = await Inspector(worker).FindTaskAsync("critical", "task"))?.State == state);

        return task!;
    }
}
