using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Mirai.Redis;

/// <summary>Limits of a duration. The framework's range attribute converts its limits by reflection, which trimming
/// breaks.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeSpanRangeAttribute(string minimum, string maximum) : ValidationAttribute
{
    public string Minimum { get; } = minimum;

    public string Maximum { get; } = maximum;

    public override bool IsValid(object? value) => value is TimeSpan duration
        && duration >= TimeSpan.Parse(Minimum, CultureInfo.InvariantCulture)
        && duration <= TimeSpan.Parse(Maximum, CultureInfo.InvariantCulture);

    public override string FormatErrorMessage(string name) => $"{name} must be between {Minimum} and {Maximum}.";
}
