using Microsoft.Extensions.DependencyInjection;
using Mirai.Cache;
using Mirai.Platform.Courses;
using Mirai.Platform.Documents;
using Mirai.Platform.Extraction;
using Mirai.Platform.Generation;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Generation;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class GenerationJobsTests(DatabaseKind kind) : PlatformTest(kind)
{
    private static readonly DocumentContent Note = new(
        "note.md", "text/markdown",
        "## One\n\nThe moon pulls the sea.\n\n## Two\n\nThe sea follows the moon."u8.ToArray());

    [SetUp]
    public Task EmptyRedisAsync() => TestRedis.EmptyAsync();

    [Test]
    public async Task Poll_EnqueuesOnce_HoweverManyWorkersPoll()
    {
        var platform = await StartAsync();
        await AskAsync(platform, await ReadyAsync(platform));
        GenerationJobStore[] jobs = [Jobs(platform), Jobs(Platform()), Jobs(Platform())];

        var enqueued = await Task.WhenAll(
            Enumerable.Range(0, 9).Select(poll => Task.Run(() => jobs[poll % 3].PollAsync())));

        Assert.That(enqueued.Sum(), Is.EqualTo(1));
        Assert.That(
            await QueryAsync("SELECT \"Type\" FROM outbox WHERE \"Type\" LIKE 'ai:%'"), Is.EqualTo(
                new[] { "ai:generation" }));
    }

    [Test]
    public async Task Poll_WaitsForDocuments_AndFailsWithThem()
    {
        var platform = await StartAsync();
        var document = (await Documents(platform).CreateAsync(Note)).Id;
        var id = await AskAsync(platform, document);

        Assert.That(await Jobs(platform).PollAsync(), Is.Zero);
        Assert.That((await Jobs(platform).FindAsync(id))!.State, Is.EqualTo(GenerationState.Queued));
        await Documents(platform).FailAsync(document, "no luck");
        Assert.That(await Jobs(platform).PollAsync(), Is.Zero);

        var job = (await Jobs(platform).FindAsync(id))!;
        Assert.That((job.State, job.FailureReason), Is.EqualTo(
            (GenerationState.Failed, "A document of the job could not be read or was deleted.")));
    }

    [Test]
    public async Task Run_StoresCourseOnce_WhenItRunsTwice()
    {
        var platform = await StartAsync();
        var id = await AskAsync(platform, await ReadyAsync(platform));

        var first = (await Jobs(platform).RunAsync(id))!;
        var second = (await Jobs(platform).RunAsync(id))!;

        Assert.That(first.State, Is.EqualTo(GenerationState.Succeeded));
        Assert.That(second with { Documents = first.Documents }, Is.EqualTo(first));
        Assert.That(
            await QueryAsync("SELECT \"Title\", \"Generator\", \"Version\" FROM courses"),
            Is.EqualTo(new[] { "One | extractive | 1" }));
        Assert.That(
            await QueryAsync("SELECT \"Title\" FROM lessons ORDER BY \"Position\""),
            Is.EqualTo(new[] { "One", "Two" }));
    }

    [Test]
    public async Task Run_StoresCourseOnce_WhenTwoWorkersHaveTheJob()
    {
        var platform = await StartAsync();
        var id = await AskAsync(platform, await ReadyAsync(platform));
        GenerationJobStore[] jobs = [Jobs(platform), Jobs(Platform(TimeProvider.System))];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(run => Task.Run(() => jobs[run % 2].RunAsync(id))));

        Assert.That(await QueryAsync("SELECT count(*) FROM courses"), Is.EqualTo(new[] { "1" }));
        Assert.That(await QueryAsync("SELECT count(*) FROM lessons"), Is.EqualTo(new[] { "2" }));
        Assert.That((await Jobs(platform).FindAsync(id))!.State, Is.EqualTo(GenerationState.Succeeded));
    }

    [Test]
    public async Task Lessons_AreWritten_ButNotThoseOfPeople()
    {
        var platform = await StartAsync();
        var document = await ReadyAsync(platform);
        var outline = (await Jobs(platform).RunAsync(await AskAsync(platform, document)))!;
        var library = platform.GetRequiredService<CourseLibrary>();
        var course = (await library.FindCourseAsync(outline.CourseId))!.Value;
        await library.UpdateCourseAsync(
            outline.CourseId,
            new CourseContent(course.Title)
            {
                Lessons = [.. course.Lessons!.Select((lesson, i) => new LessonContent(lesson.Title) { Id = Guid.Parse(lesson.Id), Body = i == 0 ? "Mine." : null })],
            },
            CacheCondition.Exists);

        var job = await Jobs(platform)
            .CreateAsync(new GenerationRequest(GenerationKind.Lessons) { CourseId = outline.CourseId });
        await Jobs(platform).RunAsync(job.Id);

        Assert.That(
            await QueryAsync("SELECT \"Body\", coalesce(\"Generator\", '-') FROM lessons ORDER BY \"Position\""),
            Is.EqualTo(new[] { "Mine. | -", "The sea follows the moon. | extractive" }));
        var shown = (await library.FindCourseAsync(outline.CourseId))!.Value;
        Assert.That((shown.Version, shown.Lessons![1].Body), Is.EqualTo((3, "The sea follows the moon.")));
        Assert.That(
            shown.Lessons[1].Sources.Select(source => (source.DocumentId, source.Chunk, source.Heading)),
            Is.EqualTo(new[]
        {
            (document.ToString(), 1, "Two"),
        }));
    }

    [Test]
    public async Task Run_StoresNothing_WhenJobIsCancelled()
    {
        var platform = await StartAsync();
        var id = await AskAsync(platform, await ReadyAsync(platform));
        await Jobs(platform).CancelAsync(id);

        var job = (await Jobs(platform).RunAsync(id))!;

        Assert.That(job.State, Is.EqualTo(GenerationState.Cancelled));
        Assert.That(await QueryAsync("SELECT * FROM courses"), Is.Empty);
        Assert.That(await Jobs(platform).PollAsync(), Is.Zero);
    }

    [Test]
    public async Task Poll_EnqueuesAgain_WhenWorkerDiedWithItsTask()
    {
        var platform = await StartAsync();
        var id = await AskAsync(platform, await ReadyAsync(platform));
        await Jobs(platform).PollAsync();
        await QueryAsync("UPDATE outbox SET \"PublishedAt\" = \"CreatedAt\"");
        await QueryAsync("UPDATE generation_jobs SET \"State\" = 'Running'");

        Assert.That(await Jobs(platform).PollAsync(), Is.Zero, "its claim holds");
        Time.Advance(TimeSpan.FromMinutes(2));
        Assert.That(await Jobs(platform).PollAsync(), Is.EqualTo(1));

        Assert.That(
            await QueryAsync("SELECT \"State\", \"Tasks\" FROM generation_jobs"),
            Is.EqualTo(new[] { "Enqueued | 2" }));
        Assert.That((await Jobs(platform).FindAsync(id))!.FinishedAt, Is.Null);
    }

    private async Task<ServiceProvider> StartAsync()
    {
        var platform = Platform();
        await MigrateAsync(platform);
        return platform;
    }

    private static async Task<Guid> ReadyAsync(IServiceProvider platform)
    {
        var id = (await Documents(platform).CreateAsync(Note)).Id;
        await Documents(platform).CompleteAsync(id, DocumentExtractor.Extract(Note));
        return id;
    }

    private static async Task<Guid> AskAsync(IServiceProvider platform, Guid document) =>
        (await Jobs(platform).CreateAsync(
        new GenerationRequest(GenerationKind.Outline) { Documents = [document] })).Id;

    private static DocumentStore Documents(IServiceProvider platform) =>
        platform.GetRequiredService<DocumentStore>();

    private static GenerationJobStore Jobs(IServiceProvider platform) => platform.GetRequiredService<GenerationJobStore>();
}
