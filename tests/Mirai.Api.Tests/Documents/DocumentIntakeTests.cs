using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Api.Documents;
using Mirai.Platform.Documents;
using Mirai.Queue;
using StackExchange.Redis;

namespace Mirai.Api.Tests.Documents;

internal sealed class DocumentIntakeTests : DocumentTest
{
    private readonly BrokenClient client = new();

    protected override ApiHost CreateApi() => new(RedisUrl, configure: services => services.AddSingleton<IQueueClient>(client));

    [Test]
    public async Task Post_RemovesDocument_WhenItsTaskCannotBeEnqueued()
    {
        var response = await PostAsync(Path, Content("# Hi", "text/markdown"));

        await ProblemAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(client.Calls, Is.EqualTo(1));
        Assert.That(await CountRowsAsync(Api), Is.Zero);
    }

    // Who leaves in the middle must not leave a document behind that nobody reads.
    [Test]
    public async Task Take_EndsWhatItBegan_WhenSenderLeaves()
    {
        using var sender = new CancellationTokenSource();
        client.OnCall = sender.Cancel;

        var take = Api.Services.GetRequiredService<DocumentIntake>().TakeAsync(
            new DocumentContent("a.txt", "text/plain", "Hi"u8.ToArray()), sender.Token);

        await Assert.ThatAsync(() => take, Throws.InstanceOf<RedisConnectionException>());
        Assert.That(client.LastToken.CanBeCanceled, Is.False);
        Assert.That(await CountRowsAsync(Api), Is.Zero);
    }

    private sealed class BrokenClient : IQueueClient
    {
        public int Calls { get; private set; }

        public CancellationToken LastToken { get; private set; }

        public Action? OnCall { get; set; }

        public Task<TaskInfo> EnqueueAsync(
            QueueTask task, EnqueueOptions? options = null, CancellationToken cancellationToken = default)
        {
            (Calls, LastToken) = (Calls + 1, cancellationToken);
            OnCall?.Invoke();
            throw new RedisConnectionException(ConnectionFailureType.UnableToConnect, CommandFlags.None, "away");
        }

        public Task<IReadOnlyList<EnqueueResult>> EnqueueManyAsync(
            IReadOnlyCollection<QueueTask> tasks, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public QueueTask CreateTask<TPayload>(TPayload payload, EnqueueOptions? options = null)
            where TPayload : notnull => new("sme:ingestion", options: options);
    }
}
