using Mirai.Platform;
using Mirai.Queue;

namespace Mirai.Worker.Tests.Payments;

internal sealed class StripeReconcileHandlerTests : PaymentTest
{
    // The event of Stripe was lost.
    [Test]
    public async Task Task_FindsThePaidSession_AndItsAccountIsSetUp()
    {
        var worker = await StartAsync();
        await RegisterAndPayAsync(worker);

        await Client(worker).EnqueueAsync(new StripeReconcile());

        await AssertProvisionedAsync();
    }

    [Test]
    public async Task Task_ChangesNothing_WhenItRunsAgain()
    {
        var worker = await StartAsync();
        await RegisterAndPayAsync(worker);
        await Client(worker).EnqueueAsync(new StripeReconcile());
        await AssertProvisionedAsync();
        var before = await EverythingAsync();

        await Client(worker).EnqueueAsync(
            new StripeReconcile(), new EnqueueOptions { TaskId = "again", Retention = TimeSpan.FromHours(1) });
        await WaitUntilAsync(async () =>
            (await Inspector(worker).FindTaskAsync("critical", "again"))?.State == TaskState.Completed);

        Assert.That(await EverythingAsync(), Is.EqualTo(before));
        Assert.That(await QueryAsync("SELECT count(*) FROM outbox"), Is.EqualTo(new[] { "1" }));
    }

    [Test]
    public async Task Task_IsTriedAgain_WhileStripeIsAway()
    {
        for (var i = 0; i < 3; i++)
        {
            Stripe.FailNext(503, "");
        }

        var worker = await StartAsync();
        await Client(worker).EnqueueAsync(new StripeReconcile(), new EnqueueOptions { TaskId = "task" });

        await WaitUntilAsync(async () =>
            (await Inspector(worker).FindTaskAsync("critical", "task"))?.State == TaskState.Retry);
        var task = (await Inspector(worker).FindTaskAsync("critical", "task"))!;
        Assert.That((task.Retried, task.MaxRetry), Is.EqualTo((1, 3)));
    }
}
