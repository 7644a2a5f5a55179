namespace FileManifest;

/// <summary>The reasons why a file could not be read, as the manifest words them.</summary>
internal static class FileError
{
    /// <summary>Returns the reason; null for an exception that does not speak of the file.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "not found",
        UnauthorizedAccessException => "access denied",
        IOException => "not readable",
        _ => null,
    };
}
