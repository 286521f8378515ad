using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Cache;
using Mirai.Hosting.Ops;
using Mirai.Platform;
using Mirai.Queue;

namespace Mirai.Worker.Tests.Telemetry;

/// <summary>Alert rules and dashboard use only series that a running worker exports.</summary>
[NonParallelizable] // its listener hears the meters of the whole process
internal sealed class ObservabilityFilesTests : WorkerTest
{
    // Series of redis_exporter.
    private static readonly string[] OfRedisExporter = ["redis_evicted_keys_total"];

    private static string Root
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(root.FullName, "Mirai.sln")))
            {
                root = root.Parent!;
            }

            return root.FullName;
        }
    }

    private static string Files => Path.Combine(Root, "deploy", "observability");

    [Test]
    public async Task Instruments_AreThoseThatAreDocumented()
    {
        var host = Worker("--Telemetry:QueueFigures=false");
        await host.StartAsync();
        host.Services.GetRequiredService<ICache>();
        var published = new HashSet<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is "Mirai.Queue" or "Mirai.Cache")
                {
                    published.Add(instrument.Name);
                }
            },
        };

        listener.Start();

        Assert.That(published, Is.EquivalentTo(Documented()));
    }

    // The first column of the table, and the names of the cache in the paragraph below.
    private static IEnumerable<string> Documented()
    {
        var text = File.ReadAllText(Path.Combine(Root, "docs", "telemetry.md"));
        var table = Regex.Matches(text, @"^\| `((?:messaging|mirai)\.[\w.]+)` \|", RegexOptions.Multiline);
        var cache = Regex.Match(text, @"The cache's \(`mirai\.cache\.\*`\):(.*?)Beside them", RegexOptions.Singleline);

        return table.Select(row => row.Groups[1].Value).Concat(
            Regex.Matches(cache.Groups[1].Value, "`([a-z_.]+)`").Select(name => $"mirai.cache.{name.Groups[1].Value}"));
    }

    [Test]
    public async Task Expressions_NameOnlyWhatIsExported()
    {
        var exported = await ExportedAsync();

        var rules = RuleExpressions();
        var panels = DashboardExpressions();

        Assert.That(rules, Has.Count.EqualTo(11));
        Assert.That(panels, Has.Count.GreaterThan(15));
        Assert.That(rules.Concat(panels).SelectMany(Names).Except(exported).Except(OfRedisExporter), Is.Empty);
    }

    private static List<string> RuleExpressions() =>
    [
        .. Regex.Matches(
            File.ReadAllText(Path.Combine(Files, "mirai-alerts.yml")), "^ +expr: (.+)$", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value),
    ];

    private static List<string> DashboardExpressions()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Files, "mirai-dashboard.json")));
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!),
        ];
    }

    // Functions of PromQL also contain an underscore, and none of them starts like this.
    private static IEnumerable<string> Names(string expression) =>
        Regex.Matches(expression, @"\b(?:asynq|mirai|messaging|redis)_\w+").Select(match => match.Value);

    // Series and labels of /metrics after every instrument has measured something.
    private async Task<HashSet<string>> ExportedAsync()
    {
        var host = Worker("--Ops:Port=0", "--Telemetry:QueueFigures=true");
        await host.StartAsync();
        host.Services.GetRequiredService<ICache>();
        await Client(host).EnqueueAsync(new StripeProvision("cs_1"), new EnqueueOptions { Queue = "default" });
        MeasureEverything();
        using var client = new HttpClient { BaseAddress = host.Services.GetRequiredService<OpsServer>().Url };

        var text = await client.GetStringAsync("/metrics");

        return
        [
            .. Regex.Matches(text, @"^(\w+)(?=[{ ])", RegexOptions.Multiline).Select(match => match.Groups[1].Value),
            .. Regex.Matches(text, @"(\w+)=""").Select(match => match.Groups[1].Value),
        ];
    }

    private static void MeasureEverything()
    {
        KeyValuePair<string, object?>[] labels =
        [
            new("messaging.destination.name", "q"), new("messaging.operation.name", "send"), new("mirai.task.type", "t"),
            new("mirai.task.outcome", "o"), new("mirai.tick.outcome", "o"),
        ];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is not ("Mirai.Queue" or "Mirai.Cache"))
                {
                    return;
                }

                (instrument as Counter<long>)?.Add(1, labels);
                (instrument as UpDownCounter<long>)?.Add(1, labels);
                (instrument as Histogram<double>)?.Record(1, labels);
            },
        };
        listener.Start();
    }
}
