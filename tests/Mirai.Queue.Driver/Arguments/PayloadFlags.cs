using System.Text;

namespace Mirai.Queue.Driver.Arguments;

/// <summary>The payload by one of its flags. None of them means no payload, which is not the same as an empty
/// one.</summary>
internal static class PayloadFlags
{
    public static readonly IReadOnlyList<string> Names = ["payload", "payload-b64", "payload-file"];

    public static byte[]? Read(Flags flags)
    {
        flags.Exclude(Names);
        if (flags.Text("payload") is { } text)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        return flags.Text("payload-b64") is { } base64 ? FromBase64(base64)
            : flags.Text("payload-file") is { } path ? FromFile(path)
            : null;
    }

    private static byte[] FromBase64(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            throw Flags.Wrong("payload-b64", base64, "base64");
        }
    }

    private static byte[] FromFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FlagException($"flag -payload-file: {exception.Message}");
        }
    }
}
