namespace Mirai.Queue.Server.Finishing;

/// <summary>How leases are held and lost (docs/wire.md, "Lease").</summary>
/// <param name="Duration">How long a lease lasts after each renewal.</param>
/// <param name="Heartbeat">How often leases are renewed and the server shows itself.</param>
/// <param name="ServerLifetime">How long a server is listed after its last heartbeat.</param>
/// <param name="RecoveryTolerance">How long after its end a lease is respected, because clocks differ.</param>
internal sealed record LeaseTimes(
    TimeSpan Duration, TimeSpan Heartbeat, TimeSpan ServerLifetime, TimeSpan RecoveryTolerance)
{
    public static readonly LeaseTimes Asynq = new(
        TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));
}
