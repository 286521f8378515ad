using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Worker.Tests.Payments;

/// <summary>Kills the worker (SIGKILL) at each point of <c>stripe:provision</c>. Another worker does exactly the rest
/// of the work.</summary>
internal sealed class ProvisionCrashTests : PaymentTest
{
    // The event is committed, and the process dies before it publishes the task.
    [Test]
    public async Task Account_IsSetUpOnce_WhenTheReceiverDiesBeforeItPublishes()
    {
        var cutOff = await ProducerAsync(
            $"127.0.0.1:{LoopbackPort.FindFree()}", [.. StripeSettings, "--Queue:EnqueueTimeout=00:00:00.1"]);
        await TellAsync(cutOff, await RegisterAndPayAsync(cutOff));
        await UntilAsync("""SELECT count(*) FROM outbox WHERE "PublishedAt" IS NULL""", "1");

        await using var worker = StartProcess();

        await AssertProvisionedAsync();
        await SucceededAsync(Redis, 1);
    }

    // The process published the task and died before it marked the row; the task has succeeded since.
    [Test]
    public async Task Task_RunsOnce_WhenTheRelayDiesBeforeItNotes()
    {
        var producer = await ProducerAsync(RedisUrl, StripeSettings);
        await TellAsync(producer, await RegisterAndPayAsync(producer));
        await using (var first = StartProcess())
        {
            await SucceededAsync(Redis, 1);
        }

        await UntilAsync("""SELECT count(*) FROM outbox WHERE "PublishedAt" IS NOT NULL""", "1");
        await QueryAsync("""UPDATE outbox SET "PublishedAt" = NULL, "ClaimedUntil" = NULL""");
        await using var second = StartProcess();
        await UntilAsync("""SELECT count(*) FROM outbox WHERE "PublishedAt" IS NOT NULL""", "1");

        await AssertProvisionedAsync();
        Assert.That(await Redis.ListLengthAsync("asynq:{critical}:pending"), Is.Zero);
        Assert.That(Asked, Is.EqualTo(1));
    }

    // The worker waits for Stripe and has changed nothing.
    [Test]
    public async Task Account_IsSetUpOnce_WhenTheWorkerDiesBeforeStripeAnswers()
    {
        Stripe.Gate = new TaskCompletionSource();
        await using (var first = await StartTaskAsync())
        {
            await WaitUntilAsync(() => Task.FromResult(Asked == 1));
            await first.KillAsync();
        }

        Assert.That(await QueryAsync("SELECT count(*) FROM accounts"), Is.EqualTo(new[] { "0" }));
        Stripe.Gate.SetResult();
        await EndLeasesAsync(Redis);
        await using var second = StartProcess();

        await AssertProvisionedAsync();
        Assert.That(Asked, Is.EqualTo(2));
    }

    // The worker is inside its transaction. On PostgreSQL it has written the account and waits for the registration;
    // on SQLite, which has one writer at a time, it waits before both.
    [Test]
    public async Task Account_IsSetUpOnce_WhenTheWorkerDiesBetweenItsEffects()
    {
        Stripe.Gate = new TaskCompletionSource();
        await using (var first = await StartTaskAsync())
        {
            await WaitUntilAsync(() => Task.FromResult(Asked == 1));
            await using var other = await Database.OpenAsync();
            await using var writing = await other.BeginTransactionAsync();
            await using var command = other.CreateCommand();
            command.Transaction = writing;
            command.CommandText = """UPDATE registrations SET "Name" = "Name" """;
            await command.ExecuteNonQueryAsync();
            Stripe.Gate.SetResult();
            await UntilItWaitsAsync();
            await first.KillAsync();
        }

        await EndLeasesAsync(Redis);
        Assert.That(await QueryAsync("SELECT count(*) FROM accounts"), Is.EqualTo(new[] { "0" }));
        await using var second = StartProcess();

        await AssertProvisionedAsync();
    }

    // All changes are committed, and Redis does not know that the task is done.
    [Test]
    [RequiresRedisServer]
    public async Task Nothing_Changes_WhenTheWorkerDiesBeforeItAcknowledges()
    {
        await using var redis = await RedisServerProcess.StartTemporaryAsync(RedisServerProcess.FindExecutable()!);
        await using var connection = await TestRedis.ConnectAsync(redis.Url);
        Stripe.Gate = new TaskCompletionSource();
        await using (var first = await StartTaskAsync(redis.Url))
        {
            await WaitUntilAsync(() => Task.FromResult(Asked == 1));

            // Redis drops a postponed command with its connection. A frozen Redis would run what it finds in its socket.
            await connection.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "600000", "WRITE");
            Stripe.Gate.SetResult();
            await AssertProvisionedAsync();
            await first.KillAsync();
            await connection.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            await connection.GetDatabase().ExecuteAsync("CLIENT", "UNPAUSE");
        }

        var before = await EverythingAsync();
        await EndLeasesAsync(connection.GetDatabase());
        await using var second = StartProcess(redis.Url);

        await SucceededAsync(connection.GetDatabase(), 1);
        Assert.That(Asked, Is.EqualTo(2), "the task ran twice");
        Assert.That(await EverythingAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Accounts_AreSetUpOnceEach_WhenWorkersDieAtRandom()
    {
        const int Sessions = 30;
        var producer = await ProducerAsync(RedisUrl, StripeSettings);
        for (var i = 0; i < Sessions; i++)
        {
            await TellAsync(producer, await RegisterAndPayAsync(producer, $"cs_test_{i}"));
        }

        for (var life = 1; life <= 4; life++)
        {
            var seen = Asked;
            await using var mortal = StartProcess(null, ("Queue__Server__Concurrency", "3"));
            await WaitUntilAsync(async () => Asked > seen + Random.Shared.Next(8)
                || (await QueryAsync("SELECT count(*) FROM accounts"))[0] == $"{Sessions}");
            await mortal.KillAsync();
            await EndLeasesAsync(Redis);
        }

        await using var last = StartProcess();

        await WaitUntilAsync(async () => await Redis.SortedSetLengthAsync("asynq:{critical}:completed") == Sessions);
        await AssertProvisionedAsync(Sessions);
    }

    private async Task<WorkerProcess> StartTaskAsync(string? redisUrl = null)
    {
        var producer = await ProducerAsync(redisUrl ?? RedisUrl, StripeSettings);
        await TellAsync(producer, await RegisterAndPayAsync(producer));

        return StartProcess(redisUrl);
    }

    private async Task UntilItWaitsAsync()
    {
        if (Database.Kind == DatabaseKind.PostgreSql)
        {
            await UntilAsync(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%registrations%'
                """,
                "1");
        }
    }

    /// <summary>Ends the leases of dead workers, and makes retries due, as half a minute would.</summary>
    private static async Task EndLeasesAsync(IDatabase redis)
    {
        foreach (var key in (string[])["asynq:{critical}:lease", "asynq:{critical}:retry"])
        {
            foreach (var task in await redis.SortedSetRangeByRankAsync(key))
            {
                await redis.SortedSetAddAsync(key, task, 1);
            }
        }
    }

    private static Task SucceededAsync(IDatabase redis, int tasks) =>
        WaitUntilAsync(async () => await redis.SortedSetLengthAsync("asynq:{critical}:completed") == tasks);
}
