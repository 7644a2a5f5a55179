using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FaultTolerance.Failures;

/// <summary>Which failures a reader has been told of, as a value with pure functions.</summary>
/// <remarks>
/// Failures have times, and commit in another order: one may appear that is older than what was read before. So a mark says up
/// to where everything was told, and moves only over what is settled. What was told beyond it is remembered one by one. The
/// next page starts at the mark again, and leaves those out. That memory is bounded: when it is full, the reader waits for
/// the mark to move, which it does within a minute.
/// </remarks>
internal sealed record FailureCursor
{
    /// <summary>The most failures that are remembered beyond the mark.</summary>
    public const int MaxTold = 300;

    /// <summary>The most that are remembered of those that were passed over, so that there is room for what comes.</summary>
    private const int MaxSkipped = 100;

    private const byte Version = 1;

    private FailureCursor(DateTimeOffset at, string? key, IReadOnlyList<Told> told) => (At, Key, BeyondMark) = (at, key, told);

    /// <summary>Gets the cursor of whoever was told nothing.</summary>
    public static FailureCursor Beginning { get; } = new(DateTimeOffset.UnixEpoch, null, []);

    /// <summary>Gets the time of the mark.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Gets the key of the failure at the mark; null for a mark before all that have its time.</summary>
    public string? Key { get; }

    /// <summary>Gets what was told beyond the mark.</summary>
    public IReadOnlyList<Told> BeyondMark { get; }

    /// <summary>Returns the failures of a page that were not told.</summary>
    public IEnumerable<RecordedIncident> Untold(IncidentPage page)
    {
        var told = BeyondMark.Select(told => told.Hash).ToHashSet();
        return page.Incidents.Where(found => !told.Contains(HashOf(found.Incident.Key)));
    }

    /// <summary>Whether a failure can be told and remembered.</summary>
    public bool HasRoomFor(RecordedIncident found, DateTimeOffset settledAt) => found.RecordedAt <= settledAt || BeyondMark.Count < MaxTold;

    /// <summary>Returns the cursor after telling the first of those that were not told.</summary>
    public FailureCursor After(RecordedIncident found, DateTimeOffset settledAt) => found.RecordedAt <= settledAt
        ? new(found.RecordedAt, found.Incident.Key, [.. BeyondMark.Where(told => told.At >= found.RecordedAt)])
        : new(At, Key, [.. BeyondMark, new Told(found.RecordedAt, HashOf(found.Incident.Key))]);

    /// <summary>Returns the cursor after everything up to a settled time was told.</summary>
    public FailureCursor Settle(DateTimeOffset settledAt)
    {
        var next = settledAt.AddTicks(1);
        return next <= At ? this : new(next, null, [.. BeyondMark.Where(told => told.At >= next)]);
    }

    /// <summary>Returns the cursor after a failure that is to be passed over, whatever it costs: the oldest that was told goes behind the mark.</summary>
    public FailureCursor Skip(RecordedIncident found, DateTimeOffset settledAt) =>
        (BeyondMark.Count < MaxSkipped ? this : Settle(BeyondMark.Min(told => told.At))).After(found, settledAt);

    public FailurePosition ToPosition()
    {
        var key = Key is null ? [] : Encoding.UTF8.GetBytes(Key);
        var bytes = new byte[1 + 8 + 1 + 2 + key.Length + (BeyondMark.Count * 16)];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), At.UtcTicks);
        bytes[9] = (byte)(Key is null ? 0 : 1);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), (ushort)key.Length);
        key.CopyTo(bytes, 12);
        var rest = bytes.AsSpan(12 + key.Length);
        foreach (var told in BeyondMark)
        {
            BinaryPrimitives.WriteInt64BigEndian(rest, told.At.UtcTicks);
            BinaryPrimitives.WriteInt64BigEndian(rest[8..], told.Hash);
            rest = rest[16..];
        }

        return new FailurePosition(Base64Url.EncodeToString(bytes));
    }

    /// <exception cref="FaultToleranceException">The text is no position, or one of a newer version.</exception>
    public static FailureCursor Of(FailurePosition position)
    {
        if (position == FailurePosition.Beginning)
        {
            return Beginning;
        }

        try
        {
            return Read(Base64Url.DecodeFromChars(position.Token));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new FaultToleranceException(
                $"'{position}' is no position of a reader of failures that this version knows. Give back the text of FailureNotice.Position, or begin with FailurePosition.Beginning.",
                exception);
        }
    }

    private static FailureCursor Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12 || bytes[0] != Version)
        {
            throw new FormatException("It does not begin like one.");
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]);
        var rest = bytes.Length >= 12 + length ? bytes[(12 + length)..] : throw new FormatException("It is cut off.");
        if (rest.Length % 16 != 0 || rest.Length / 16 > MaxTold)
        {
            throw new FormatException("It does not end like one.");
        }

        var told = new List<Told>();
        for (; rest.Length > 0; rest = rest[16..])
        {
            told.Add(new Told(TimeAt(rest), BinaryPrimitives.ReadInt64BigEndian(rest[8..])));
        }

        return new FailureCursor(TimeAt(bytes[1..]), bytes[9] == 0 ? null : Encoding.UTF8.GetString(bytes.Slice(12, length)), told);
    }

    private static DateTimeOffset TimeAt(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadInt64BigEndian(bytes), TimeSpan.Zero);

    private static long HashOf(string key) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>A failure that was told although its time is not settled.</summary>
    internal readonly record struct Told(DateTimeOffset At, long Hash);
}
