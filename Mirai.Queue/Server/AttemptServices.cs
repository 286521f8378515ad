using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Broker;

namespace Mirai.Queue.Server;

/// <summary>What every attempt of a server needs.</summary>
internal sealed record AttemptServices(
    IBroker Broker, IServiceScopeFactory Scopes, TimeProvider Time, TimeSpan CancellationGrace);
