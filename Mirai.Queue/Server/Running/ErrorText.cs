using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>The texts of failures that are stored with a task.</summary>
internal static class ErrorText
{
    // A limit for texts that people read: a stack of nested messages must not fill Redis.
    private const int MaxLength = 8 * 1024;

    /// <summary>Asynq's text for a cancelled attempt, which people and their alerts search for. A handler that asked
    /// to skip or revoke the task decides the text itself.</summary>
    public static string? Of(CancelReason reason, Exception error) => reason switch
    {
        CancelReason.Deadline when !Outcomes.IsFinal(error) => GoText.DeadlineExceeded,
        CancelReason.Canceled when !Outcomes.IsFinal(error) => GoText.Canceled,
        _ => null,
    };

    public static string Of(Exception exception) =>
        Storable(exception.Message.Length > 0 ? exception.Message : exception.GetType().Name);

    /// <summary>Valid UTF-8 of bounded length.</summary>
    public static string Storable(string text)
    {
        text = TaskMessageConverter.Sanitize(text);
        if (text.Length <= MaxLength)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return text[..end] + "…";
    }
}
