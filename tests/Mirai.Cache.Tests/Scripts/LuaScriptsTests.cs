using Mirai.Cache.Scripts;
using Mirai.Testing;

namespace Mirai.Cache.Tests.Scripts;

internal sealed class LuaScriptsTests() : LuaScriptContract(typeof(LuaScripts), "mirai:", "lock:")
{
    private static IEnumerable<string> Files => FilesOf(typeof(LuaScripts).Assembly);
}
