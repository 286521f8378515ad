namespace Mirai.Api.Requests;

/// <summary>Refuses bodies that are larger than their route takes.</summary>
internal static class BodyLimit
{
    /// <summary>Applies the limit that the route was mapped with to what is read from now on.</summary>
    /// <exception cref="InvalidRequestException">The body says that it is larger.</exception>
    public static void ApplyBodyLimit(this HttpRequest request)
    {
        if (request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<RouteBody>()?.MaxBytes is not { } maxBytes)
        {
            return;
        }

        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        request.Body = new LimitedStream(request.Body, maxBytes);
    }

    public static InvalidRequestException TooLarge(long maxBytes) =>
        new("body", $"must have at most {maxBytes} bytes", StatusCodes.Status413PayloadTooLarge);
}

/// <summary>Throws when more than a number of bytes are read.</summary>
internal sealed class LimitedStream(Stream inner, long limit) : Stream
{
    private long read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Count(int bytes)
    {
        read += bytes;
        return read <= limit ? bytes : throw BodyLimit.TooLarge(limit);
    }
}
