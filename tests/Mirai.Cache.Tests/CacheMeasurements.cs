using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Mirai.Cache.Tests;

/// <summary>The measurements of one cache.</summary>
internal sealed class CacheMeasurements : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly Pulse pulse;
    private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> measured = new();

    public CacheMeasurements(IServiceProvider services, Pulse pulse)
    {
        this.pulse = pulse;
        var factory = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Mirai.Cache" && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
    }

    /// <summary>The sum of the measurements of an instrument.</summary>
    /// <param name="instrument">The name of the instrument.</param>
    /// <param name="tag">A part of the tags, as <c>name=value</c>.</param>
    public double Sum(string instrument, string tag = "") => Select(instrument, tag).Sum();

    /// <summary>The number of measurements of an instrument.</summary>
    public int Count(string instrument, string tag = "") => Select(instrument, tag).Count();

    public void Dispose() => listener.Dispose();

    private IEnumerable<double> Select(string instrument, string tag) => measured
        .Where(one => one.Instrument == instrument && one.Tags.Contains(tag, StringComparison.Ordinal))
        .Select(one => one.Value);

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        measured.Enqueue(
            (instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
        pulse.Beat();
    }
}
