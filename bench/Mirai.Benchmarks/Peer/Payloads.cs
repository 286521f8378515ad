namespace Mirai.Benchmarks.Peer;

/// <summary>Fixed pseudo-random letters: the same payload as the other peers of the lab send.</summary>
internal static class Payloads
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";

    public static byte[] Create(int length)
    {
        var payload = new byte[length];
        var state = 12_345u;
        for (var i = 0; i < length; i++)
        {
            state = ((state * 1_103_515_245) + 12_345) & 0x7fff_ffff;
            payload[i] = (byte)Letters[(int)((state >> 16) % (uint)Letters.Length)];
        }

        return payload;
    }
}
