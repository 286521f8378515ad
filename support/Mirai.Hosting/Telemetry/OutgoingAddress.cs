using System.Diagnostics;
using OpenTelemetry;

namespace Mirai.Hosting.Telemetry;

/// <summary>Cuts the addresses of outgoing calls to the server's: what follows may hold ids and keys that are nobody's
/// business.</summary>
public sealed class OutgoingAddress : BaseProcessor<Activity>
{
    private const string Tag = "url.full";

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.GetTagItem(Tag) is string address)
        {
            data.SetTag(
                Tag, Uri.TryCreate(address, UriKind.Absolute, out var uri) ? $"{uri.Scheme}://{uri.Authority}" : null);
        }
    }
}
