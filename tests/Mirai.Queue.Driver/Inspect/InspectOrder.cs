using Mirai.Queue.Driver.Arguments;

namespace Mirai.Queue.Driver.Inspect;

/// <summary>What to inspect.</summary>
/// <param name="Queue">One queue; <see langword="null"/> for all.</param>
/// <param name="Paging">Which page of each list.</param>
/// <param name="Days">Days of history.</param>
internal sealed record InspectOrder(string? Queue, Paging Paging, int Days)
{
    private const int DefaultDays = 7;

    public static InspectOrder Read(Flags flags)
    {
        try
        {
            var paging = new Paging
            {
                Size = flags.Count("page-size", Paging.MaxSize),
                Number = flags.Count("page", 1),
            };

            return new InspectOrder(flags.Text("queue"), paging, flags.Count("history", DefaultDays));
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new FlagException(exception.Message);
        }
    }
}
