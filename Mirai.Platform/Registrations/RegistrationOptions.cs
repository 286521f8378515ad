using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Platform.Registrations;

/// <summary>Settings of registrations, from the configuration section <c>Registrations</c>.</summary>
internal sealed class RegistrationOptions
{
    public const string Section = "Registrations";

    /// <summary>How long a registration waits for its payment. A checkout session of Stripe's lives 24 h.</summary>
    /// <value>10 min to 90 days. Default: 2 days.</value>
    [Range(typeof(TimeSpan), "00:10:00", "90.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(2);

    /// <summary>A payment link of Stripe's, <c>https://buy.stripe.com/…</c>: registrations tell where to pay
    /// then.</summary>
    /// <value>Default: none.</value>
    [Url]
    public string? PaymentLink { get; set; }
}

[OptionsValidator]
internal sealed partial class RegistrationOptionsValidator : IValidateOptions<RegistrationOptions>;
