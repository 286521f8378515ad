using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Running;

/// <summary>What every attempt of a server needs.</summary>
internal sealed record AttemptServices(
    IQueueStore Store, IServiceScopeFactory Scopes, TimeProvider Time, TimeSpan CancellationGrace);
