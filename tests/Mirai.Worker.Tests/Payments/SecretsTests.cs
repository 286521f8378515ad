using Mirai.Local.Redis;
using Mirai.Queue;
using Mirai.Testing;
using static Mirai.Queue.TaskSelection;

namespace Mirai.Worker.Tests.Payments;

/// <summary>Searches the whole output of the worker for secrets.</summary>
internal sealed class SecretsTests : PaymentTest
{
    private const string Secret = "cs_test_a1b2c3d4e5f6g7h8i9j0";

    // A user without a password accepts any password.
    [Test, RequiresRedisServer]
    public async Task Secret_IsInNothingThatTheWorkerSays()
    {
        var port = LoopbackPort.FindFree();
        var producer = await ProducerAsync(RedisUrl, StripeSettings);
        var paid = await RegisterAndPayAsync(producer, Secret);
        Stripe.FailNext(400, $$$"""{"error":{"message":"No such session: '{{{Secret}}}'"}}""");
        await using var worker = StartProcess(
            $"redis://default:geheim-redis@{RedisUrl}",
            ("Ops__Port", $"{port}"), ("Logging__LogLevel__Default", "Trace"),
            ("Logging__LogLevel__Microsoft", "Trace"),
            ("Stripe__WebhookSecret", FakeStripe.WebhookSecret), ("Model__BaseUrl", "http://127.0.0.1:9"),
            ("Model__Name", "none"), ("Model__ApiKey", "geheim-model"));

        await TellAsync(producer, paid);
        await WaitUntilAsync(async () => await Redis.SortedSetLengthAsync("asynq:{critical}:archived") == 1);
        var archived = InState("critical", TaskState.Archived);
        var lastError = (await Inspector(producer).ListTasksAsync(archived)).Single().LastError;
        await Inspector(producer).RunTasksAsync(archived);
        await AssertProvisionedAsync();
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync($"http://127.0.0.1:{port}/metrics");
        worker.Terminate();
        var (_, output, error) = await worker.ExitAsync(Patience);

        var said = $"{output}\n{error}\n{metrics}\n{lastError}";
        Assert.That(output, Does.Contain("is paid and has the account"), "it was done");
        Assert.That(lastError, Does.Contain("cs_…i9j0"), "it was tried");
        Assert.That(said, Does.Not.Contain("geheim").And.Not.Contain(Secret).And.Not.Contain(FakeStripe.ApiKey));
    }
}
