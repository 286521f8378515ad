using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Mirai.Cache.Tests;

/// <summary>What the instruments of one cache measured.</summary>
internal sealed class CacheMeasurements : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> measured = new();

    public CacheMeasurements(IServiceProvider services)
    {
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

    /// <summary>The sum of what an instrument measured.</summary>
    /// <param name="instrument">Its name.</param>
    /// <param name="tag">A part of its tags, as <c>name=value</c>.</param>
    public double Sum(string instrument, string tag = "") => Select(instrument, tag).Sum();

    /// <summary>How often an instrument measured.</summary>
    public int Count(string instrument, string tag = "") => Select(instrument, tag).Count();

    public void Dispose() => listener.Dispose();

    private IEnumerable<double> Select(string instrument, string tag) => measured
        .Where(one => one.Instrument == instrument && one.Tags.Contains(tag, StringComparison.Ordinal))
        .Select(one => one.Value);

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        measured.Enqueue(
            (instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
}
