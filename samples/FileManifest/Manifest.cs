using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FileManifest;

/// <summary>What a folder holds.</summary>
public sealed record Manifest
{
    /// <summary>Gets the totals and the most frequent words.</summary>
    public required ManifestSummary Summary { get; init; }

    /// <summary>Gets the contents that more than one file has, in the order of their SHA-256.</summary>
    public required IReadOnlyList<DuplicateFiles> Duplicates { get; init; }

    /// <summary>Gets the entries of all files, in the ordinal order of their paths.</summary>
    public required IReadOnlyList<FileEntry> Entries { get; init; }

    /// <summary>Returns the manifest as JSON. Equal manifests are equal byte by byte.</summary>
    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer);
        }

        return stream.ToArray();
    }

    /// <summary>Returns the SHA-256 of the manifest's JSON, in lower-case hexadecimal.</summary>
    public string Sha256() => Convert.ToHexStringLower(SHA256.HashData(ToJson()));

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("files", Summary.Files);
        writer.WriteNumber("unreadable", Summary.Unreadable);
        writer.WriteNumber("bytes", Summary.Bytes);
        writer.WriteNumber("lines", Summary.Lines);
        writer.WriteNumber("words", Summary.Words);
        writer.WriteNumber("distinctWords", Summary.DistinctWords);
        WriteArray(writer, "topWords", Summary.TopWords, WriteWord);
        WriteArray(writer, "duplicates", Duplicates, WriteDuplicates);
        WriteArray(writer, "entries", Entries, WriteEntry);
        writer.WriteEndObject();
    }

    private static void WriteArray<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            write(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteWord(Utf8JsonWriter writer, WordCount word)
    {
        writer.WriteString("word", word.Word);
        writer.WriteNumber("count", word.Count);
    }

    private static void WriteDuplicates(Utf8JsonWriter writer, DuplicateFiles duplicates)
    {
        writer.WriteString("sha256", duplicates.Sha256);
        writer.WriteNumber("size", duplicates.Size);
        writer.WriteStartArray("paths");
        foreach (var path in duplicates.Paths)
        {
            writer.WriteStringValue(path);
        }

        writer.WriteEndArray();
    }

    private static void WriteEntry(Utf8JsonWriter writer, FileEntry entry)
    {
        writer.WriteString("path", entry.Path);
        if (entry.Error is not null)
        {
            writer.WriteString("error", entry.Error);
            return;
        }

        writer.WriteString("sha256", entry.Sha256);
        writer.WriteNumber("size", entry.Size);
        writer.WriteNumber("lines", entry.Lines);
        writer.WriteNumber("words", entry.Words);
    }
}
