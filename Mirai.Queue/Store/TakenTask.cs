using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

/// <summary>A task that now belongs to this worker.</summary>
/// <param name="Message">What was stored; <see langword="null"/> when the bytes are no message.</param>
/// <param name="Id">The id in the list, which is that of the message unless it cannot be read.</param>
/// <param name="PendingSince">When it became pending, in Unix nanoseconds; 0 if nobody recorded it or asked.</param>
/// <param name="Member">What the layout knows it by, unless that is its id.</param>
internal readonly record struct TakenTask(
    TaskMessage? Message, string Id, long PendingSince, StoredMember? Member = null);
