using System.Diagnostics;
using Mirai.Hosting.Telemetry;

namespace Mirai.Api.Tests.Telemetry;

internal sealed class OutgoingAddressTests
{
    [TestCase("https://api.stripe.com/v1/checkout/sessions/cs_live_a1?expand=x", "https://api.stripe.com")]
    [TestCase("http://ann:geheim@127.0.0.1:5080/a", "http://127.0.0.1:5080")]
    [TestCase("nonsense", null)]
    public void OnEnd_KeepsTheServerOnly(string address, string? kept)
    {
        using var activity = new Activity("GET").SetTag("url.full", address);
        using var processor = new OutgoingAddress();

        processor.OnEnd(activity);

        Assert.That(activity.GetTagItem("url.full"), Is.EqualTo(kept));
    }
}
