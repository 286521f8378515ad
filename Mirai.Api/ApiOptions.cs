using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Api;

/// <summary>Limits of the API, from the configuration section <c>Api</c>.</summary>
internal sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>The largest payload of a task, in bytes.</summary>
    /// <value>1 B to 64 MiB. Default: 1 MiB.</value>
    [Range(1, 64 * 1024 * 1024)]
    public int MaxPayloadBytes { get; set; } = 1024 * 1024;

    /// <summary>How long a request waits for Redis when it reads. Enqueueing has
    /// <c>Queue:EnqueueTimeout</c>.</summary>
    /// <value>50 ms to 1 min. Default: 3 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How many clients may listen to events at the same time.</summary>
    /// <value>1 to 100,000. Default: 1,000.</value>
    [Range(1, 100_000)]
    public int MaxEventClients { get; set; } = 1_000;

    /// <summary>The port on which <c>/metrics</c> needs no credentials, if the API listens on it
    /// (<c>ASPNETCORE_HTTP_PORTS=8080;8081</c>). Do not publish it.</summary>
    /// <value>1 to 65535, or -1 for none. Default: 8081.</value>
    [Range(-1, 65535)]
    public int MetricsPort { get; set; } = 8081;

    /// <summary>Whether <c>/openapi/v1.json</c> and <c>/scalar</c> exist; they need no credentials.</summary>
    /// <value>Default: in a development environment only.</value>
    public bool? ShowsDescription { get; set; }

    /// <summary>How many requests may wait for the end of a task at the same time.</summary>
    /// <value>1 to 100,000. Default: 1,000.</value>
    [Range(1, 100_000)]
    public int MaxWaits { get; set; } = 1_000;
}

[OptionsValidator]
internal sealed partial class ApiOptionsValidator : IValidateOptions<ApiOptions>;
