using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue;
using Mirai.Testing;

namespace Mirai.Worker.Tests.Schedules;

internal sealed class HousekeepingTests : WorkerTest
{
    [TestCase("", new[] { "@hourly cleanup:expired low 1" })]
    [TestCase(
        FakeStripe.ApiKey, new[] { "@hourly cleanup:expired low 1", "*/15 * * * * stripe:reconcile critical 3" })]
    public async Task Schedule_CleansUpEveryHour_AndReconcilesWhereThereIsAStripe(string apiKey, string[] expected)
    {
        var worker = Worker($"--Stripe:ApiKey={apiKey}");
        var tasks = new List<PeriodicTask>();
        foreach (var provider in worker.Services.GetServices<IPeriodicTaskProvider>())
        {
            tasks.AddRange(await provider.GetAsync(CancellationToken.None));
        }

        Assert.That(
            tasks.Select(
                task => $"{task.Spec} {task.Task.Type} {task.Task.Options.Queue} {task.Task.Options.MaxRetry}"),
            Is.SupersetOf(expected));
        Assert.That(tasks.Count(task => task.Task.Type == "stripe:reconcile"), Is.EqualTo(expected.Length - 1));
        Assert.That(tasks.Select(task => task.Overlap), Is.All.EqualTo(OverlapPolicy.Skip));
    }
}
