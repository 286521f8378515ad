using System.IO.Compression;
using System.Runtime.InteropServices;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Extraction;

/// <summary>Limits the decoded size of a document's compressed parts.</summary>
internal sealed class DecodedBudget
{
    private const int MaxPart = 64 * 1024 * 1024;
    private const long MaxAll = 512L * 1024 * 1024;

    // The length of the header that precedes the data of a Flate stream.
    private const int ZlibHeader = 2;

    private readonly byte[] buffer = new byte[64 * 1024];
    private long spent;

    /// <summary>Measures the decoded size of Flate data, without keeping the output.</summary>
    public void Inflate(Memory<byte> input)
    {
        if (input.Length <= ZlibHeader)
        {
            return;
        }

        try
        {
            MemoryMarshal.TryGetArray<byte>(input[ZlibHeader..], out var bytes);
            using var compressed = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
            using var data = new DeflateStream(compressed, CompressionMode.Decompress);
            Read(data);
        }
        catch (InvalidDataException)
        {
            // The data are damaged from here on, and the filter stops at the same place.
        }
    }

    /// <summary>Measures the size of a part, without keeping it.</summary>
    public void Read(Stream data)
    {
        long length = 0;
        while (data.Read(buffer) is > 0 and var count)
        {
            length += count;
            Check(length);
        }
    }

    /// <summary>Takes a decoded part from the budget.</summary>
    public void Spend(long length)
    {
        Check(length);
        spent += length;
    }

    /// <exception cref="DocumentUnreadableException">A part of that length exceeds the budget.</exception>
    public void Check(long length)
    {
        if (length > MaxPart || spent + length > MaxAll)
        {
            throw new DocumentUnreadableException(
                "The document becomes too large when it is unpacked: it is damaged, or built to exhaust memory.");
        }
    }
}

/// <summary>Counts the bytes that are read.</summary>
internal sealed class CountingStream(Stream inner) : Stream
{
    public long Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Count += read;
        return read;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
