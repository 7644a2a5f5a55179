using System.Text;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>Text as the database holds it: UTF-8 that may hold any character, NUL too, and is compared byte by byte.</summary>
internal static class StoreText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Returns a text in UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="limit">The most characters that it may have.</param>
    /// <exception cref="StoreException">The text is too long, or holds half of a surrogate pair: two such texts would become one and the same.</exception>
    public static byte[] Encode(string text, string what, int limit = int.MaxValue)
    {
        if (text.Length > limit)
        {
            throw new StoreException(StoreFault.Data, $"{what} has {text.Length} characters; at most {limit} can be stored. Shorten it.");
        }

        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new StoreException(StoreFault.Data, $"{what} cannot be stored: it holds half of a surrogate pair. Correct it.", e);
        }
    }
}
