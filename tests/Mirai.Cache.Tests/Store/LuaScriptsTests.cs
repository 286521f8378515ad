using Mirai.Testing;

namespace Mirai.Cache.Tests.Store;

internal sealed class LuaScriptsTests() : LuaScriptContract(typeof(ICache), "mirai:", "lock:")
{
    private static IEnumerable<string> Files => FilesOf(typeof(ICache).Assembly);
}
