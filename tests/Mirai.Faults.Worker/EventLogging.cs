using Microsoft.Extensions.Logging;

namespace Mirai.Faults.Worker;

/// <summary>Prints log lines of at least level information as events.</summary>
internal sealed class EventLogging(EventWriter events) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            events.Write(new WorkerEvent("log") { Text = $"{logLevel} {formatter(state, exception)} {exception}" });
        }
    }

    public void Dispose()
    {
        // There is nothing to release.
    }
}
