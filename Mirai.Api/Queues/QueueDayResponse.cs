using Mirai.Queue;

namespace Mirai.Api.Queues;

/// <summary>What a queue did on one day.</summary>
internal sealed record QueueDayResponse
{
    /// <summary>The day, UTC.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Attempts that ended, failed ones included.</summary>
    public required long Processed { get; init; }

    public required long Failed { get; init; }

    public static QueueDayResponse From(QueueDay day) => new()
    {
        Date = day.Date,
        Processed = day.Processed,
        Failed = day.Failed,
    };
}
