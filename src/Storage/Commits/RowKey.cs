namespace FaultTolerance.Storage.Commits;

/// <summary>Names what no two writes under way may share: a row, by its id or its text, or an idempotency key.</summary>
internal readonly struct RowKey : IEquatable<RowKey>
{
    private readonly Guid _id;
    private readonly string? _text;

    public RowKey(TaskId id) => _id = id.Value;

    public RowKey(string text) => _text = text;

    public bool Equals(RowKey other) => _id == other._id && string.Equals(_text, other._text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is RowKey other && Equals(other);

    public override int GetHashCode() => _text is null ? _id.GetHashCode() : string.GetHashCode(_text, StringComparison.Ordinal);
}
