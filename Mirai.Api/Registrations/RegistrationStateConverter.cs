using System.Text.Json;
using System.Text.Json.Serialization;
using Mirai.Platform.Registrations;

namespace Mirai.Api.Registrations;

/// <summary>States in lower case: <c>pending</c>.</summary>
internal sealed class RegistrationStateConverter()
    : JsonStringEnumConverter<RegistrationState>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
