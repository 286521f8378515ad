using System.Text;

namespace Mirai.Queue.Wire;

/// <summary>Slots of a Redis Cluster: the CRC-16 (XMODEM) of the text in the braces of a key, or of the whole
/// key.</summary>
internal static class ClusterSlot
{
    private const int Slots = 16_384;
    private const int Polynomial = 0x1021;

    public static int Of(string key)
    {
        var crc = 0;
        foreach (var part in Encoding.UTF8.GetBytes(HashTag(key)))
        {
            crc ^= part << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ Polynomial;
            }

            crc &= 0xffff;
        }

        return crc % Slots;
    }

    // Empty braces count as none.
    private static string HashTag(string key)
    {
        var start = key.IndexOf('{', StringComparison.Ordinal) + 1;
        var end = start == 0 ? -1 : key.IndexOf('}', start);

        return end > start ? key[start..end] : key;
    }
}
