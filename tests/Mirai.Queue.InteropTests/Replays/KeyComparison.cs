using Mirai.Queue.InteropTests.Keyspaces;
using Mirai.Queue.InteropTests.Recordings;
using StackExchange.Redis;

namespace Mirai.Queue.InteropTests.Replays;

/// <summary>Compares what Mirai left with what Go left, over the steps of one replay.</summary>
internal sealed class KeyComparison
{
    private readonly KeyLifetimes go = new();
    private readonly KeyLifetimes mirai = new();

    /// <summary>Names that differ from run to run.</summary>
    public RunNames Names { get; } = new();

    /// <summary>Learns what Mirai wrote between two moments of Redis' clock.</summary>
    public void Written(Keyspace keyspace, long from, long to)
    {
        foreach (var key in keyspace.Keys)
        {
            mirai.Observe(key, from, to);
        }
    }

    /// <summary>Puts recorded keys into Redis.</summary>
    public async Task RestoreAsync(IDatabase redis, RecordedStep step, Keyspace keyspace)
    {
        Observe(step);
        await RedisKeyspace.WriteAsync(redis, keyspace, key => KeyLifetimes.IsFixed(key) ? null : go.Of(key));
        foreach (var key in (await RedisKeyspace.ReadAsync(redis)).Keys)
        {
            if (key.ExpiresAt is { } at && !KeyLifetimes.IsFixed(key))
            {
                mirai.Set(key.Name, at, go.Of(keyspace.Find(key.Name)!));
            }
        }
    }

    public void AssertEqual(RecordedStep step, Keyspace keyspace, Deliberate? deliberate)
    {
        Observe(step);
        var names = new RunNames();
        var expected = new Facts(names, GoExpiry).Of(step.Keys);
        var actual = new Facts(Names, key => MiraiExpiry(key, step)).Of(keyspace);
        var differences = FactDiff.Of(expected, actual);

        var excuse = deliberate is null ? "" : $", and not only because {deliberate.Name}";
        Assert.That(
            deliberate?.Explains(differences) ?? differences.Count == 0, Is.True,
            $"After '{step.Did}' the keys differ from Go's{excuse}:\n{string.Join('\n', differences)}");
    }

    private void Observe(RecordedStep step)
    {
        foreach (var key in step.Before.Keys.Concat(step.Keys.Keys))
        {
            var at = step.WrittenAt(key).ToUnixTimeMilliseconds();
            go.Observe(key, at, at);
        }
    }

    private string GoExpiry(StoredKey key) => KeyLifetimes.IsFixed(key)
        ? KeyLifetimes.ShowTime(key.ExpiresAt!.Value)
        : KeyLifetimes.Show(go.Of(key));

    private string MiraiExpiry(StoredKey key, RecordedStep step)
    {
        if (KeyLifetimes.IsFixed(key))
        {
            return KeyLifetimes.ShowTime(key.ExpiresAt!.Value);
        }

        var recorded = step.Keys.Find(key.Name);
        return KeyLifetimes.Show(
            recorded?.ExpiresAt is not null && mirai.Allow(key, go.Of(recorded)) ? go.Of(recorded) : mirai.Of(key));
    }
}
