using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Replays;
using Mirai.Testing;

namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>What a client does: nothing but enqueues.</summary>
internal sealed class EnqueueScenarioTests : RedisTest
{
    private const string LeftBehind = "asynq:{default}:unique:email:send:baba355488e0b1ace365da4d887f9f3d";

    [Test]
    [GoldenFile("v0.26.0/scenarios/enqueue_plain.json")]
    public Task Enqueue_LeavesGosKeys_WithoutOptions([Values] Writer writer) => ReplayAsync(writer);

    [Test]
    [GoldenFile("v0.26.0/scenarios/enqueue_payload_forms.json")]
    public Task Enqueue_LeavesGosKeys_ForEveryPayload([Values] Writer writer) => ReplayAsync(writer);

    [Test]
    [GoldenFile("v0.26.0/scenarios/enqueue_headers.json")]
    public Task Enqueue_LeavesGosKeys_WithHeaders([Values] Writer writer) => ReplayAsync(writer);

    [Test]
    [GoldenFile("v0.26.0/scenarios/enqueue_errors.json")]
    public Task Enqueue_RefusesWhatGoRefuses([Values] Writer writer) => ReplayAsync(writer);

    [Test]
    [GoldenFile("v0.26.0/scenarios/enqueue_task_id_conflict.json")]
    public Task Enqueue_LeavesGosKeys_WhenIdIsTaken([Values] Writer writer) => ReplayAsync(writer);

    [Test]
    [GoldenFile("v0.26.0/scenarios/schedule.json")]
    public async Task Schedule_LeavesGosKeys_ButCutsNoSecondOffTheLock([Values] Writer writer)
    {
        var longer = Deliberate.LockIsNotCut("asynq:{default}:unique:t:7b774effe4a349c6dd82ad4f4f21d34c", 15 * 60);
        var stillLonger = writer == Writer.Mirai ? longer : null;
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAsync("ProcessIn 1h");
        await replay.EnqueueAsync("ProcessAt 2030-01-01T00:00:00.9Z");
        await replay.EnqueueAsync("ProcessIn 10m with Unique 5m: lock TTL is the sum", longer);
        await replay.EnqueueAsync("same task ID again", stillLonger);
        await replay.EnqueueAsync("ProcessAt in the past is a plain enqueue", stillLonger);
        await replay.EnqueueAsync("ProcessIn with a negative duration is a plain enqueue", stillLonger);

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/enqueue_unique.json")]
    public async Task EnqueueUnique_LeavesGosKeys_WhenGoWroteBefore()
    {
        await using var replay = Replay.Begin(Redis, Writer.Go);

        await EnqueueUniqueAsync(replay);
        await replay.EnqueueAsync("so a retry of the same with a fresh ID is now a duplicate"); // of the lock Go left

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/enqueue_unique.json")]
    public async Task EnqueueUnique_Succeeds_AfterMiraiRefusedEqualTaskForItsId()
    {
        await using var replay = Replay.Begin(Redis, Writer.Mirai);
        await EnqueueUniqueAsync(replay);

        var options = new EnqueueOptions { TaskId = "u6", UniqueFor = TimeSpan.FromHours(1) };
        await replay.Client.EnqueueAsync(new QueueTask("email:send", """{"to":"z"}"""u8.ToArray()), options);

        Assert.That((string?)await Redis.StringGetAsync(LeftBehind), Is.EqualTo("u6"));
    }

    private static async Task EnqueueUniqueAsync(Replay replay)
    {
        await replay.EnqueueAsync("first");
        await replay.EnqueueAsync("duplicate");
        await replay.EnqueueAsync("same type and payload without Unique");
        await replay.EnqueueAsync("nil payload");
        await replay.EnqueueAsync("empty non-nil payload");
        await replay.EnqueueAsync(
            "new payload but a task ID that exists: refused, and the lock stays behind",
            new Deliberate(
                "the ID is tested before the lock is taken",
                $"{LeftBehind} (string): Go has 'u1', Mirai has none",
                $"{LeftBehind} (string) expires: Go has '3600 s after it was written', Mirai has none"));
    }

    private static async Task ReplayAsync(Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAllAsync();

        replay.Complete();
    }
}
