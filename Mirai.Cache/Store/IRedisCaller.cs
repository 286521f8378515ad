using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>Calls Redis. Every call ends within the time-out, and with an answer instead of an exception when Redis
/// fails.</summary>
internal interface IRedisCaller
{
    /// <summary>Makes one call.</summary>
    /// <param name="operation">The name of the call in metrics.</param>
    /// <param name="state">The arguments of <paramref name="call"/>.</param>
    /// <param name="call">The call; a static function, so that nothing is allocated for it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<Answer<T>> AskAsync<TState, T>(
        string operation, TState state, Func<IDatabase, TState, Task<T>> call, CancellationToken cancellationToken);
}

/// <summary>How a call to Redis ended, with its reply.</summary>
internal readonly record struct Answer<T>(AnswerKind Kind, T? Reply)
{
    public static Answer<T> Lost => default;

    public bool IsGiven => Kind == AnswerKind.Given;

    public static Answer<T> Given(T reply) => new(AnswerKind.Given, reply);

    /// <summary>The same outcome with another reply.</summary>
    public Answer<TOther> As<TOther>(TOther reply) => new(Kind, reply);
}

/// <summary>How a call to Redis ended.</summary>
internal enum AnswerKind
{
    /// <summary>No answer: Redis is away, or did not answer in time, or was not called because it is away. The call
    /// may have happened.</summary>
    Lost,

    /// <summary>Redis refused the call; nothing happened.</summary>
    Refused,

    /// <summary>Redis carried out the call.</summary>
    Given,
}
