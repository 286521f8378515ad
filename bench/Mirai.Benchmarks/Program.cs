using BenchmarkDotNet.Running;
using Mirai.Benchmarks.Cache;
using Mirai.Benchmarks.Peer;

// With --mode: one run against a Redis, as the peer lab calls it. With cache: the cache beside FusionCache. Without
// either: BenchmarkDotNet for the parts.
if (args.Any(arg => arg.StartsWith("--mode", StringComparison.Ordinal)))
{
    return await PeerProgram.RunAsync(args);
}

if (args is ["cache", ..])
{
    return await CacheProgram.RunAsync(args);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
