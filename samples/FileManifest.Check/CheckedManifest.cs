using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FileManifest.Check;

/// <summary>A folder's manifest as the check computed it. Its fields are those of the manifest's JSON.</summary>
public sealed record CheckedManifest(
    long Files,
    long Unreadable,
    long Bytes,
    long Lines,
    long Words,
    long DistinctWords,
    IReadOnlyList<CheckedWord> TopWords,
    IReadOnlyList<CheckedDuplicates> Duplicates,
    IReadOnlyList<CheckedFile> Entries)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Returns the manifest as JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);
}
