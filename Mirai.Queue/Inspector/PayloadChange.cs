using Google.Protobuf;

namespace Mirai.Queue.Inspector;

/// <summary>A message before and after its payload changed.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Before">The message as it was read.</param>
/// <param name="After">The message to write.</param>
internal sealed record PayloadChange(string TaskId, byte[] Before, byte[] After)
{
    public static PayloadChange Create(StoredTask task, ReadOnlyMemory<byte> payload)
    {
        var message = task.Message!.Clone();
        message.Payload = ByteString.CopyFrom(payload.Span);

        return new PayloadChange(task.Id, task.Bytes, message.ToByteArray());
    }
}
