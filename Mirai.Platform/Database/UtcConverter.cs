using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Mirai.Platform.Database;

/// <summary>Moments are stored in UTC: SQLite compares them as text, which is wrong as soon as offsets
/// differ.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTime>(
    moment => moment.UtcDateTime,
    stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)));
