using Mirai.Local.Redis;

namespace Mirai.Local.Run;

/// <summary>The text that the run prints when API and worker are ready.</summary>
internal static class Greeting
{
    public static string Text(Uri api, IRedisServer redis)
    {
        var root = api.GetLeftPart(UriPartial.Authority);
        return $"""

            Mirai is up: {root}   (Ctrl-C stops everything)

              curl -i {root}/api/documents -H 'Content-Type: text/markdown' --data-binary @README.md
              curl {root}/api/documents/<id>        # the id from the answer above
              curl {root}/api/queues
            {RedisLine(redis)}
            """;
    }

    private static string RedisLine(IRedisServer redis) => redis is RedisServerProcess server
        ? $"\n  redis-cli -p {server.Port} --scan --pattern 'asynq:*'\n"
        : "";
}
