using Mirai.Testing;

namespace Mirai.Cache.Tests.Store;

internal sealed class LuaScriptsTests() : LuaScriptContract(typeof(ICache), "mirai:", "lock:")
{
    public static IEnumerable<string> Files => FilesOf(typeof(ICache).Assembly);
}
