using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>Walks over the strings of every primary in small steps, so that no step delays other clients. The keys of
/// the queue, the locks and the cache's own keys are skipped.</summary>
internal sealed class KeyScan(IRedisCaller redis)
{
    // The number of slots of its table that Redis looks at in one step: a few tenths of a millisecond.
    private const int StepSize = 500;

    /// <summary>Returns pages of keys. When Redis goes away in the middle, the last answer is not
    /// <see cref="AnswerKind.Given"/>.</summary>
    public async IAsyncEnumerable<Answer<RedisKey[]>> PagesAsync(
        string? glob, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var primaries = await redis.AskAsync(
            "topology",
            0,
            static (database, _) => Task.FromResult(Primaries.Find(database.Multiplexer)),
            cancellationToken).ConfigureAwait(false);
        if (!primaries.IsGiven)
        {
            yield return primaries.As<RedisKey[]>([]);
            yield break;
        }

        foreach (var server in primaries.Reply!)
        {
            var cursor = ScanStep.Start;
            do
            {
                var page = await redis.AskAsync("scan", (server, cursor, glob), StepAsync, cancellationToken)
                    .ConfigureAwait(false);
                yield return page.As<RedisKey[]>(page.Reply?.Keys ?? []);
                cursor = page.Reply?.Cursor;
            }
            while (cursor is not (null or ScanStep.Start));

            if (cursor is null)
            {
                yield break;
            }
        }
    }

    private static async Task<ScanStep> StepAsync(
        IDatabase database, (IServer Server, string Cursor, string? Glob) step)
    {
        object[] match = step.Glob is null ? [] : ["MATCH", step.Glob];
        object[] words = [step.Cursor, .. match, "COUNT", StepSize, "TYPE", "string"];
        var reply = await step.Server.ExecuteAsync(database.Database, "SCAN", words, CommandFlags.None)
            .ConfigureAwait(false);
        var keys = ((RedisKey[])reply[1]!).Where(key => !CacheKey.IsReserved(key.ToString()));

        return new ScanStep(reply[0].ToString(), [.. keys]);
    }
}

/// <summary>One step of a SCAN.</summary>
/// <param name="Cursor">Where the next step begins; 0 after the last one.</param>
/// <param name="Keys">The keys that the step found; a key may come twice.</param>
internal sealed record ScanStep(string Cursor, RedisKey[] Keys)
{
    public const string Start = "0";
}
