using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Cache;
using Mirai.Cache.Racer;

// Runs one side of a race in a separate process: <address of Redis> <etags|locks> <key> <callers> <turns of each>.
if (args is not [var url, var race, var key, var callers, var turns])
{
    Console.Error.WriteLine("usage: <address of Redis> <etags|locks> <key> <callers> <turns of each>");
    return 2;
}

var services = new ServiceCollection();
services.AddMiraiCache(options =>
{
    options.RedisUrl = url;
    options.RedisTimeout = TimeSpan.FromSeconds(10); // A busy machine is no outage.
});
await using var provider = services.BuildServiceProvider();
var count = int.Parse(turns, CultureInfo.InvariantCulture);
Func<Task> run = race switch
{
    "etags" => () => new ETagRace(provider.GetRequiredService<ICache>(), key).RunAsync(count),
    "locks" => () => new LockRace(provider.GetRequiredService<ICacheLocks>(), url, key).RunAsync(count),
    _ => throw new ArgumentException($"There is no race '{race}'."),
};

await Task.WhenAll(Enumerable.Range(0, int.Parse(callers, CultureInfo.InvariantCulture)).Select(_ => Task.Run(run)));
return 0;
