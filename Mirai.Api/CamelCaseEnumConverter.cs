using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mirai.Api;

/// <summary>Writes the members of an enumeration as the API names them: <c>pending</c>, <c>succeeded</c>.</summary>
internal sealed class CamelCaseEnumConverter<TEnum>()
    : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;
