using System.Text;
using CsCheck;
using Mirai.Cache.Entries;

namespace Mirai.Cache.Tests.Entries;

internal sealed class EntryReaderTests
{
    // As Go's encoding/json writes a struct: the fields in their order, no spaces.
    private const string FromGo =
        """{"data":{"id":"42","title":"Go \u0026 more"},"etag":"W/\"9f86d081-1700000000000\"","timestamp":1700000000000,"version":1}""";

    [TestCase(FromGo)]
    [TestCase("""{ "version": 1, "timestamp": 1700000000000, "etag": "W/\"9f86d081-1700000000000\"", "data": {"id": "42"} }""")]
    [TestCase("""{"data":null,"etag":"W/\"9f86d081-1700000000000\"","timestamp":1700000000000,"version":1,"source":{"x":[1,{}]},"ttl":5}""")]
    [TestCase("""{"etag":"W/\u00229f86d081-1700000000000\u0022","tags":["somebody","else's"],"data":[],"timestamp":1700000000000,"version":1}""")]
    public void Read_Understands_WhatOthersWrite(string json)
    {
        var flaw = EntryReader.Read(Encoding.UTF8.GetBytes(json), out var fields);

        Assert.That(flaw, Is.EqualTo(EntryFlaw.None));
        Assert.That(fields.ETag.ToString(), Is.EqualTo("W/\"9f86d081-1700000000000\""));
        Assert.That(fields.Timestamp, Is.EqualTo(1_700_000_000_000));
        Assert.That(fields.FreshUntil, Is.Null);
    }

    [Test]
    public void Read_FindsTheRawData()
    {
        var bytes = Encoding.UTF8.GetBytes(FromGo);

        EntryReader.Read(bytes, out var fields);

        Assert.That(
            Encoding.UTF8.GetString(bytes[fields.Data]), Is.EqualTo("""{"id":"42","title":"Go \u0026 more"}"""));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("42")]
    [TestCase("{}")]
    [TestCase("not json")]
    [TestCase("""{"data":1,"etag":"W/\"a\"","timestamp":1}""")]
    [TestCase("""{"data":1,"etag":"W/\"a\"","version":1}""")]
    [TestCase("""{"data":1,"timestamp":1,"version":1}""")]
    [TestCase("""{"etag":"W/\"a\"","timestamp":1,"version":1}""")]
    [TestCase("""{"data":1,"etag":"a","timestamp":1,"version":1}""")]
    [TestCase("""{"data":1,"etag":7,"timestamp":1,"version":1}""")]
    [TestCase("""{"data":1,"etag":null,"timestamp":1,"version":1}""")]
    [TestCase("""{"data":1,"etag":"W/\"a\"","timestamp":"1","version":1}""")]
    [TestCase("""{"data":1,"etag":"W/\"a\"","timestamp":1.5,"version":1}""")]
    [TestCase("""{"data":1,"etag":"W/\"a\"","timestamp":-1,"version":1}""")]
    [TestCase("""{"data":1,"etag":"W/\"a\"","timestamp":1,"version":0}""")]
    [TestCase("""{"data":1,"etag":"W/\"a\"","timestamp":1,"version":"1"}""")]
    [TestCase("""{"data":1,"etag":"W/\"a\"","timestamp":1,"version":1}x""")]
    [TestCase("""{"data":1,"etag":"W/\"a\"","timestamp":1,"version":1""")]
    [TestCase("""{"data":{"a":},"etag":"W/\"a\"","timestamp":1,"version":1}""")]
    [TestCase("""{"data":1,"etag":"W/\"a\"","timestamp":1,"version":1,"tags":{"a":1}}""")]
    public void Read_SaysDamaged_WhenSomethingIsMissingOrWrong(string json) =>
        Assert.That(EntryReader.Read(Encoding.UTF8.GetBytes(json), out _), Is.EqualTo(EntryFlaw.Damaged));

    [TestCase("""{"data":1,"etag":"W/\"a\"","timestamp":1,"version":2}""")]
    [TestCase("""{"version":2,"payload":"looks quite different"}""")]
    [TestCase("""{"version":99999999999,"etag":7}""")]
    public void Read_SaysNewerVersion_WhenItIs(string json) =>
        Assert.That(EntryReader.Read(Encoding.UTF8.GetBytes(json), out _), Is.EqualTo(EntryFlaw.NewerVersion));

    // Random bytes, and entries with a few changed bytes: never an exception.
    [Test]
    public void Read_NeverThrows()
    {
        var changed = Gen.Select(Gen.Int[0, FromGo.Length - 1], Gen.Byte, Gen.Int[0, FromGo.Length])
            .Select((at, letter, length) =>
        {
            var bytes = Encoding.UTF8.GetBytes(FromGo);
            bytes[at] = letter;
            return bytes[..length];
        });

        Gen.OneOf(Gen.Byte.Array[0, 200], changed).Sample(bytes =>
        {
            var flaw = EntryReader.Read(bytes, out var fields);
            return flaw != EntryFlaw.None || fields.Timestamp >= 0;
        });
    }
}
