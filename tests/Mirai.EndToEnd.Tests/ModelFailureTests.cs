using Mirai.EndToEnd.Tests.Model;
using Mirai.Testing;

namespace Mirai.EndToEnd.Tests;

/// <summary>What becomes of a job when its model does not do what it should.</summary>
internal sealed class ModelFailureTests : EndToEndTest
{
    [Test]
    public async Task Job_GoesOn_WhenTheModelIsBusyForAMoment()
    {
        Model.FailNext(429, ("Retry-After", "1"));

        var job = await UntilAsync(await AskForOutlineAsync(), "succeeded");

        Assert.That(Model.Questions, Has.Count.EqualTo(2));
        Assert.That(await RetriedAsync(), Is.Zero, "it waited without giving its place back");
        Assert.That(job.GetProperty("progress").GetInt32(), Is.EqualTo(100));
    }

    [Test]
    public async Task Job_ComesAgain_WhenTheModelAsksFor_AndUsesNoRetry()
    {
        Model.FailNext(429, ("Retry-After", "7"));
        var before = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

        var url = await AskForOutlineAsync();
        var due = await DueAsync();

        Assert.That(due, Is.GreaterThanOrEqualTo(before.AddSeconds(7)).And.LessThan(before.AddSeconds(60)));
        await UntilAsync(url, "succeeded");
        Assert.That(Model.Questions, Has.Count.EqualTo(2));
        Assert.That((long)await Redis.StringGetAsync("asynq:{default}:failed"), Is.Zero);
    }

    [Test]
    public async Task Job_IsTriedAgain_WhenTheModelIsDown()
    {
        for (var i = 0; i < 3; i++)
        {
            Model.FailNext(500);
        }

        await AskForOutlineAsync();
        await DueAsync();

        Assert.That(Model.Questions, Has.Count.EqualTo(3), "one question, and two more at once");
        Assert.That(await RetriedAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Job_IsTriedAgain_WhenTheModelTakesTooLong()
    {
        Model.HangNext();

        await AskForOutlineAsync();
        await DueAsync();

        Assert.That(Model.Questions, Has.Count.EqualTo(1), "what took all its time is not asked again at once");
    }

    [Test]
    public async Task Job_IsTriedAgain_WhenTheAnswerIsHalf()
    {
        Model.BreakNext();

        await AskForOutlineAsync();
        await DueAsync();

        Assert.That(Model.Questions, Has.Count.EqualTo(1));
    }

    [TestCase("I would rather not.", "stop", "is an invalid start of a value")]
    [TestCase("""{"title":"T","summary":"S"}""", "stop", "lessons")]
    [TestCase("""{"title":"T","summary":"S","lessons":[{"title":"L","summary":"S","sources":[99]}]}""", "stop", "there is no source with the id 99")]
    [TestCase("""{"title":"","summary":"S","lessons":[]}""", "stop", "title must have 1 to 200 characters")]
    [TestCase("""{"title":"T",""", "length", "is too long and was cut off")]
    public async Task Answer_IsMendedOnce(string answer, string finishReason, string told)
    {
        Model.SayNext(answer, finishReason);

        await UntilAsync(await AskForOutlineAsync(), "succeeded");

        Assert.That(Model.Questions, Has.Count.EqualTo(2));
        var last = Model.Questions.Last().GetProperty("messages");
        Assert.That(ModelServer.Content(last[2]), Is.EqualTo(answer), "its own answer");
        Assert.That(ModelServer.Content(last[3]), Does.Contain(told));
        Assert.That(Model.Faults, Is.Empty);
    }

    [Test]
    public async Task Job_IsTriedAgain_WhenTheSecondAnswerIsNoBetter()
    {
        Model.SayNext("no");
        Model.SayNext("never");

        await AskForOutlineAsync();
        await DueAsync();

        Assert.That(Model.Questions, Has.Count.EqualTo(2));
    }

    [TestCase(401, "The model answered with HTTP 401. Check Model:ApiKey.")]
    [TestCase(404, "The model answered with HTTP 404. Check Model:BaseUrl and Model:Name.")]
    [TestCase(400, "The model answered with HTTP 400. The model does not accept the request.")]
    public async Task Job_FailsAtOnce_WhenTheModelRefuses(int status, string reason)
    {
        Model.FailNext(status);

        var job = await UntilAsync(await AskForOutlineAsync(), "failed");

        Assert.That(job.GetProperty("failureReason").GetString(), Is.EqualTo(reason));
        Assert.That(Model.Questions, Has.Count.EqualTo(1));
        Assert.That(await Redis.KeyExistsAsync("asynq:{default}:retry"), Is.False);
    }

    [Test]
    public async Task Job_FailsAtOnce_WhenTheContentFilterSaysNo()
    {
        Model.SayNext("", "content_filter");

        var job = await UntilAsync(await AskForOutlineAsync(), "failed");

        Assert.That(job.GetProperty("failureReason").GetString(), Does.Contain("content filter"));
    }

    [Test]
    public async Task Job_StopsAsking_WhenItIsCancelled()
    {
        Model.HangNext();
        var url = await AskForOutlineAsync();
        await Model.Hanging.Task.WaitAsync(Patience, TimeProvider.System);

        var cancelled = await JsonAsync(await PostAsync($"{url}/cancel", "{}"));

        Assert.That(cancelled.GetProperty("state").GetString(), Is.EqualTo("cancelled"));
        await Model.Dropped.Task.WaitAsync(Patience, TimeProvider.System);
        Assert.That((await GetAsync(url)).GetProperty("state").GetString(), Is.EqualTo("cancelled"));
        Assert.That((await GetAsync("/api/courses")).GetArrayLength(), Is.Zero);
    }

    private async Task<string> AskForOutlineAsync()
    {
        var document = await UploadAsync(Tides);
        return await AskAsync($$"""{"kind":"outline","documents":["{{document}}"]}""");
    }

    // When the task of the job is due again.
    private static async Task<DateTimeOffset> DueAsync()
    {
        await RedisWait.UntilAsync(
            async () => await Redis.SortedSetLengthAsync("asynq:{default}:retry") > 0, Patience,
            "the task waits for its retry");
        var waiting = await Redis.SortedSetRangeByRankWithScoresAsync("asynq:{default}:retry");

        return DateTimeOffset.FromUnixTimeSeconds((long)waiting[0].Score);
    }

    private static async Task<long> RetriedAsync() => await Redis.SortedSetLengthAsync("asynq:{default}:retry");
}
