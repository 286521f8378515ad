using Microsoft.Extensions.DependencyInjection;
using Mirai.Platform.Documents;
using Mirai.Platform.Outbox;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Platform.Tests.Documents;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class DocumentReviveTests(DatabaseKind kind) : PlatformTest(kind)
{
    private const string Rows = "SELECT \"State\", \"Tasks\", \"Percent\" FROM documents";

    private static readonly DocumentContent Note = new("note.md", "text/markdown", "# Hello\n\nWorld"u8.ToArray());
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(2);

    private static IDatabase Redis => TestRedis.Connection.GetDatabase();

    [SetUp]
    public Task EmptyRedisAsync() => TestRedis.EmptyAsync();

    [Test]
    public async Task Begin_AndReport_TellHowFarItIs()
    {
        var store = await StoreAsync();
        var id = (await store.CreateAsync(Note)).Id;

        Assert.That(await store.BeginAsync(id), Is.EqualTo(DocumentState.Reading));
        await store.ReportAsync(id, 40);

        Assert.That(await QueryAsync(Rows), Is.EqualTo(new[] { "Reading | 1 | 40" }));
        var document = (await store.FindAsync(id))!;
        Assert.That((document.State, document.Percent), Is.EqualTo((DocumentState.Reading, 40)));
    }

    [Test]
    public async Task Begin_ChangesNothing_WhenDocumentIsDone()
    {
        var store = await StoreAsync();
        var id = (await store.CreateAsync(Note)).Id;
        await store.FailAsync(id, "no luck");

        Assert.That(await store.BeginAsync(id), Is.EqualTo(DocumentState.Failed));
        Assert.That(await store.BeginAsync(Guid.NewGuid()), Is.Null);
        Assert.That(await QueryAsync(Rows), Is.EqualTo(new[] { "Failed | 1 | 0" }));
    }

    [Test]
    public async Task Revive_LeavesDocumentAlone_WhileItsTaskIsAlive()
    {
        var (platform, store) = await StartAsync();
        await store.CreateAsync(Note);
        Time.Advance(Later);

        Assert.That(await store.ReviveAsync(), Is.Zero, "it waits in the outbox");
        await platform.GetRequiredService<OutboxPublisher>().PublishAsync();
        Time.Advance(Later);
        Assert.That(await store.ReviveAsync(), Is.Zero, "it waits in its queue");
        Assert.That(await QueryAsync("SELECT count(*) FROM outbox"), Is.EqualTo(new[] { "1" }));
    }

    [Test]
    public async Task Revive_EnqueuesOnce_HoweverManyWorkersLook()
    {
        var (_, store) = await LoseTaskAsync();
        DocumentStore[] stores = [store, Store(Platform()), Store(Platform())];

        var revived = await Task.WhenAll(
            Enumerable.Range(0, 9).Select(look => Task.Run(() => stores[look % 3].ReviveAsync())));

        Assert.That(revived.Sum(), Is.EqualTo(1));
        Assert.That(
            await QueryAsync("SELECT \"Type\" FROM outbox WHERE \"PublishedAt\" IS NULL"),
            Is.EqualTo(new[] { "sme:ingestion" }));
        Assert.That(await QueryAsync(Rows), Is.EqualTo(new[] { "Received | 2 | 0" }));
    }

    [Test]
    public async Task Revive_GivesUp_WhenTasksAreLostAgainAndAgain()
    {
        var (platform, store) = await LoseTaskAsync();
        for (var i = 0; i < 4; i++)
        {
            Assert.That(await store.ReviveAsync(), Is.EqualTo(1));
            await LoseAsync(platform);
        }

        Assert.That(await store.ReviveAsync(), Is.Zero);

        Assert.That(await QueryAsync(Rows), Is.EqualTo(new[] { "Failed | 5 | 0" }));
    }

    [Test]
    public async Task Revive_FailsDocument_WhenItsTaskIsArchived()
    {
        var (platform, store) = await StartAsync();
        var id = (await store.CreateAsync(Note)).Id;
        await platform.GetRequiredService<OutboxPublisher>().PublishAsync();
        await Redis.HashSetAsync($"asynq:{{default}}:t:{id}", "state", "archived");
        await Redis.ListRemoveAsync("asynq:{default}:pending", id.ToString());
        await Redis.SortedSetAddAsync("asynq:{default}:archived", id.ToString(), 1);
        Time.Advance(Later);

        await store.ReviveAsync();

        Assert.That((await store.FindAsync(id))!.FailureReason, Is.EqualTo("The document could not be processed."));
    }

    private async Task<(ServiceProvider Platform, DocumentStore Store)> StartAsync()
    {
        var platform = Platform();
        await MigrateAsync(platform);
        return (platform, Store(platform));
    }

    // Marks the task as published and deletes it from Redis.
    private async Task<(ServiceProvider Platform, DocumentStore Store)> LoseTaskAsync()
    {
        var (platform, store) = await StartAsync();
        await store.CreateAsync(Note);
        await LoseAsync(platform);

        return (platform, store);
    }

    private async Task LoseAsync(ServiceProvider platform)
    {
        await platform.GetRequiredService<OutboxPublisher>().PublishAsync();
        await EmptyRedisAsync();
        Time.Advance(Later);
    }

    private static DocumentStore Store(IServiceProvider platform) => platform.GetRequiredService<DocumentStore>();
}
