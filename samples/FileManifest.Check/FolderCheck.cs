using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace FileManifest.Check;

/// <summary>Computes a folder's manifest in one plain pass: one thread, one dictionary, nothing shared with the tasks that it checks.</summary>
public sealed class FolderCheck
{
    private const int LongestPlainWord = 128;

    private readonly Dictionary<string, long> _words = [];
    private readonly List<CheckedFile> _files = [];

    private FolderCheck()
    {
    }

    /// <summary>Reads every regular file below a folder, without following symbolic links.</summary>
    public static CheckedManifest Run(string folder, CancellationToken cancellationToken = default)
    {
        var check = new FolderCheck();
        check.ReadFolder(new DirectoryInfo(folder), "", cancellationToken);
        return check.ToManifest();
    }

    private void ReadFolder(DirectoryInfo folder, string path, CancellationToken cancellationToken)
    {
        FileSystemInfo[] children;
        try
        {
            children = folder.GetFileSystemInfos();
        }
        catch (Exception exception) when (path.Length > 0 && Reason(exception) is { } reason)
        {
            _files.Add(new CheckedFile(path.TrimEnd('/'), reason, null, null, null, null));
            return;
        }

        foreach (var child in children.Where(child => child.LinkTarget is null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (child is DirectoryInfo below)
            {
                ReadFolder(below, $"{path}{child.Name}/", cancellationToken);
            }
            else if (!SpecialFiles.Contains(child.FullName))
            {
                ReadFile(child.FullName, path + child.Name);
            }
        }
    }

    private void ReadFile(string file, string path)
    {
        try
        {
            var words = new Dictionary<string, long>();
            using var hash = SHA256.Create();
            using var stream = File.Open(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Read, leaveOpen: true);
            using var text = new StreamReader(hashed, new UTF8Encoding(), detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16);
            var lines = CountWords(text, words);
            var sha256 = Convert.ToHexString(hash.Hash!).ToLowerInvariant();
            _files.Add(new CheckedFile(path, null, sha256, stream.Position, lines, words.Values.Sum()));
            foreach (var (word, count) in words)
            {
                _words[word] = _words.GetValueOrDefault(word) + count;
            }
        }
        catch (Exception exception) when (Reason(exception) is { } reason)
        {
            _files.Add(new CheckedFile(path, reason, null, null, null, null));
        }
    }

    /// <summary>Counts the words into a dictionary and returns the number of lines. What is not UTF-8 is read as U+FFFD, which is no letter.</summary>
    private static long CountWords(StreamReader text, Dictionary<string, long> words)
    {
        var lines = 0L;
        var word = new List<char>();
        var buffer = new char[1 << 15];
        int length;
        while ((length = text.Read(buffer)) > 0)
        {
            foreach (var c in buffer.AsSpan(0, length))
            {
                lines += c == '\n' ? 1 : 0;
                if (c is (>= 'a' and <= 'z') or (>= '0' and <= '9'))
                {
                    word.Add(c);
                }
                else if (c is >= 'A' and <= 'Z')
                {
                    word.Add((char)(c - 'A' + 'a'));
                }
                else
                {
                    EndWord(word, words);
                }
            }
        }

        EndWord(word, words);
        return lines;
    }

    private static void EndWord(List<char> word, Dictionary<string, long> words)
    {
        if (word.Count > 0)
        {
            ReadOnlySpan<char> key = CollectionsMarshal.AsSpan(word);
            var bySpan = words.GetAlternateLookup<ReadOnlySpan<char>>(); // spares a string for each of millions of words
            key = key.Length <= LongestPlainWord ? key : ShortForm(new string(key));
            bySpan.TryGetValue(key, out var count);
            bySpan[key] = count + 1;
            word.Clear();
        }
    }

    /// <summary>A word of more than 128 letters is listed as its first 32, its length and its SHA-256.</summary>
    private static string ShortForm(string word) =>
        $"{word[..32]}~{word.Length}~{Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(word))).ToLowerInvariant()}";

    private static string? Reason(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "not found",
        UnauthorizedAccessException => "access denied",
        IOException => "not readable",
        _ => null,
    };

    private CheckedManifest ToManifest()
    {
        var files = _files.OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
        var read = files.Where(file => file.Error is null).ToList();
        return new CheckedManifest(
            files.Count,
            files.Count - read.Count,
            read.Sum(file => file.Size!.Value),
            read.Sum(file => file.Lines!.Value),
            _words.Values.Sum(),
            _words.Count,
            [.. _words.Select(w => new CheckedWord(w.Key, w.Value)).OrderByDescending(w => w.Count).ThenBy(w => w.Word, StringComparer.Ordinal).Take(20)],
            [.. read.GroupBy(file => file.Sha256!).Where(same => same.Count() > 1).OrderBy(same => same.Key, StringComparer.Ordinal)
                .Select(same => new CheckedDuplicates(same.Key, same.First().Size!.Value, [.. same.Select(file => file.Path)]))],
            files);
    }
}
