namespace Mirai.Queue.Server;

/// <summary>States of a server, in Asynq's words (docs/wire.md, "ServerInfo").</summary>
internal static class ServerStatus
{
    public const string New = "new";
    public const string Active = "active";
    public const string Stopped = "stopped";
    public const string Closed = "closed";
}
