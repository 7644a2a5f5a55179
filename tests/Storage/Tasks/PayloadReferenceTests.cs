using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Tests;

public sealed class PayloadReferenceTests
{
    private const int InlineLimit = 1_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(InlineLimit)]
    public void A_payload_up_to_the_limit_stands_in_the_row(int length)
    {
        var payload = Bytes(length);

        var (stored, parts) = PayloadReference.Store(payload, token: 7, InlineLimit);

        Assert.Empty(parts);
        Assert.True(PayloadReference.TryReadInline(stored, out var read, out _));
        Assert.Equal(payload, read.ToArray());
    }

    [Theory]
    [InlineData(InlineLimit + 1, 1)]
    [InlineData(PayloadReference.PartLength, 1)]
    [InlineData(PayloadReference.PartLength + 1, 2)]
    [InlineData((PayloadReference.PartLength * 3) - 1, 3)]
    public void A_larger_one_goes_into_parts_that_the_row_leads_to(int length, int expectedParts)
    {
        var payload = Bytes(length);

        var (stored, parts) = PayloadReference.Store(payload, token: -7, InlineLimit);

        Assert.Equal(expectedParts, parts.Count);
        Assert.All(parts, part => Assert.InRange(part.Length, 1, PayloadReference.PartLength));
        Assert.False(PayloadReference.TryReadInline(stored, out _, out var reference));
        Assert.Equal((-7, length), (reference.Token, reference.Length));
        Assert.True(reference.Matches(Joined(parts)));
    }

    [Fact]
    public void A_flipped_bit_is_found_wherever_it_is()
    {
        var (stored, parts) = PayloadReference.Store(Bytes(5_000), token: 7, InlineLimit);
        PayloadReference.TryReadInline(stored, out _, out var reference);
        for (var at = 0; at < 5_000; at++)
        {
            var damaged = Joined(parts);
            damaged[at] ^= (byte)(1 << (at % 8));

            Assert.False(reference.Matches(damaged), $"A flipped bit in byte {at} was not found.");
        }
    }

    [Fact]
    public void A_missing_or_doubled_or_swapped_part_is_found()
    {
        var (stored, parts) = PayloadReference.Store(Bytes(PayloadReference.PartLength * 3), token: 7, InlineLimit);
        PayloadReference.TryReadInline(stored, out _, out var reference);

        Assert.False(reference.Matches(Joined([parts[0], parts[1]])));
        Assert.False(reference.Matches(Joined([parts[0], parts[0], parts[2]])));
        Assert.False(reference.Matches(Joined([parts[1], parts[0], parts[2]])));
        Assert.False(reference.Matches([]));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 2 })]
    [InlineData(new byte[] { 1, 0, 0 })]
    public void Bytes_that_are_neither_a_payload_nor_a_reference_are_refused(byte[] damaged) =>
        Assert.Throws<InvalidDataException>(() => PayloadReference.TryReadInline(damaged, out _, out _));

    private static byte[] Joined(IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
