using System.Diagnostics;
using System.Globalization;
using Mirai.Deploy.Tests.Redis;
using Mirai.Queue;
using Mirai.Testing;

namespace Mirai.Deploy.Tests.Operations;

/// <summary>The runbook is whole, and what it tells people to type works.</summary>
internal sealed class RunbookTests
{
    private static readonly string[] Sections =
    [
        "The commands of the original runbook", "Ping", "INFO stats", "INFO memory", "KEYS \"asynq:*\"",
        "Sizes of a queue", "TTL",
        "TYPE", "MEMORY USAGE", "Redis is full, or evicts", "A failover happened", "A poison task",
        "Tasks are stuck in active",
        "A retry storm", "A backlog", "Missed ticks", "A bad deploy", "Go and .NET side by side",
        "Restore from a backup",
        "Rotating credentials",
    ];

    private ConfiguredRedis? redis;

    private static IEnumerable<TestCaseData> Scripts =>
        Runbook.Scripts().Select((block, index) => new TestCaseData(block.Script)
        .SetName($"Commands_Work_{index + 1:00}_{block.Section}"));

    [OneTimeTearDown]
    public async Task StopRedisAsync()
    {
        if (redis is not null)
        {
            await redis.DisposeAsync();
        }
    }

    [TestCaseSource(nameof(Sections))]
    public void Section_IsThere(string name) => Assert.That(Runbook.Headings, Has.Exactly(1).EqualTo(name));

    [Test]
    public void EverySection_TellsWhatToType()
    {
        var withCommands = Runbook.Scripts().Select(block => block.Section).Distinct();

        Assert.That(withCommands, Is.SupersetOf(Sections.Except(["The commands of the original runbook"])));
    }

    [TestCaseSource(nameof(Scripts))]
    [RequiresRedisServer]
    public async Task Commands_Work(string script)
    {
        redis ??= await ConfiguredRedis.StartAsync();
        await PrepareAsync(redis);

        var printed = await RunAsync(redis, script);

        Assert.That(
            printed, Does.Not.Contain("NOPERM").And.Not.Contains("NOAUTH").And.Not.Contains("unknown command"));
    }

    [Test]
    public void Links_LeadSomewhere()
    {
        var targets = System.Text.RegularExpressions.Regex.Matches(
            string.Join('\n', Runbook.Lines), @"\]\(#([a-z0-9-]+)\)")
            .Select(match => match.Groups[1].Value).Distinct();
        var anchors = Runbook.Headings.Select(heading => string.Concat(heading.ToLowerInvariant().Replace(' ', '-')
            .Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')));

        Assert.That(targets, Is.Not.Empty.And.SubsetOf(anchors));
    }

    // Each block is run on its own, by somebody who has read no other.
    private static async Task PrepareAsync(ConfiguredRedis redis)
    {
        await using var admin = await redis.ConnectAsync("admin");
        await admin.GetDatabase().ExecuteAsync("FLUSHALL");
        await using var producer = await QueueApp.StartProducerAsync(redis.Url("mirai-api"));
        await producer.Client.EnqueueAsync(new QueueTask("t", "{}"u8.ToArray(), new EnqueueOptions { TaskId = "42" }));
        await admin.GetDatabase().StringSetAsync("course:1", "{}");
    }

    // -e: redis-cli ends with 1 when Redis answers an error.
    private static async Task<string> RunAsync(ConfiguredRedis redis, string script)
    {
        var prelude = string.Create(CultureInfo.InvariantCulture, $$"""
            set -eu
            as() { user=$1; shift; REDISCLI_AUTH="$user secret" redis-cli -e -p {{redis.Port}} --user "$user" "$@"; }
            look() { as mirai-reader "$@"; }
            repair() { as admin "$@"; }
            QUEUE=default
            ID=42

            """);
        return await Shell.RunAsync(new ProcessStartInfo("sh", ["-c", $"{{ {prelude}{script}\n}} 2>&1"]));
    }
}
