using System.Diagnostics;

namespace FaultTolerance.Storage.Conformance.Disks;

/// <summary>A real disk of a few megabytes, in memory, mounted for one test. Needs root, or sudo without a password.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ft-disk-");

    public SmallDisk(int megabytes) => Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=777", "ft-test", Path);

    public string Path => _folder.FullName;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Fills the disk but for a number of bytes.</summary>
    public void Fill(int leave)
    {
        using var file = File.Create(Ballast);
        file.Write(new byte[new DriveInfo(Path).AvailableFreeSpace - leave]);
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(Ballast);

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path);

    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        _folder.Delete();
    }

    private static void Run(params string[] command)
    {
        string[] line = Environment.IsPrivilegedProcess ? command : ["sudo", "-n", .. command];
        using var process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"'{string.Join(' ', line)}' failed: {error}. Run the tests as root, or allow sudo without a password.");
    }
}
