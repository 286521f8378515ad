using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>Walks over the strings of every primary in steps that Redis hardly notices. Keys of others (the queue's,
/// locks, the cache's own marks) are passed over.</summary>
internal sealed class KeyScan(IRedisCaller redis)
{
    // How many slots of its table Redis looks at in one step: some tenths of a millisecond.
    private const int StepSize = 500;

    /// <summary>Pages of keys; the last answer is not <see cref="AnswerKind.Given"/> when Redis went away in the
    /// middle.</summary>
    public async IAsyncEnumerable<Answer<RedisKey[]>> PagesAsync(
        string? glob, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var primaries = await redis.AskAsync(
            "topology", 0, static (database, _) =>
                Task.FromResult(Primaries.Find(database.Multiplexer)), cancellationToken)
            .ConfigureAwait(false);
        if (!primaries.IsGiven)
        {
            yield return primaries.As<RedisKey[]>([]);
            yield break;
        }

        foreach (var server in primaries.Reply!)
        {
            var cursor = KeyPage.Start;
            do
            {
                var page = await redis.AskAsync("scan", (server, cursor, glob), StepAsync, cancellationToken)
                    .ConfigureAwait(false);
                yield return page.As<RedisKey[]>(page.Reply?.Keys ?? []);
                cursor = page.Reply?.Cursor;
            }
            while (cursor is not (null or KeyPage.Start));

            if (cursor is null)
            {
                yield break;
            }
        }
    }

    private static async Task<KeyPage> StepAsync(
        IDatabase database, (IServer Server, string Cursor, string? Glob) step)
    {
        object[] match = step.Glob is null ? [] : ["MATCH", step.Glob];
        object[] arguments = [step.Cursor, .. match, "COUNT", StepSize, "TYPE", "string"];
        var reply = await step.Server.ExecuteAsync(database.Database, "SCAN", arguments, CommandFlags.None)
            .ConfigureAwait(false);
        var keys = ((RedisKey[])reply[1]!).Where(key => !KeyName.IsReserved(key.ToString()));

        return new KeyPage(reply[0].ToString(), [.. keys]);
    }
}
