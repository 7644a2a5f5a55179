using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Clustering;
using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Sqlite.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.Storage.Sqlite.Tests;

public sealed class FileSystemsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ft-file-systems-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0x6969, "nfs")]
    [InlineData(0xFF534D42, "cifs")]
    [InlineData(0xFE534D42, "smb2")]
    [InlineData(0x65735546, "fuse")]
    [InlineData(0x01021997, "9p")]
    [InlineData(0x00C36400, "ceph")]
    [InlineData(0x0BD00BD0, "lustre")]
    public void Network_and_user_space_file_systems_are_told_by_their_magic_number(uint magic, string name) =>
        Assert.Equal(name, FileSystems.SharedName(magic));

    [Theory]
    [InlineData(0xEF53)]     // ext2, ext3, ext4
    [InlineData(0x58465342)] // xfs
    [InlineData(0x9123683E)] // btrfs
    [InlineData(0x2FC12FC1)] // zfs
    [InlineData(0xF2F52010)] // f2fs
    [InlineData(0x01021994)] // tmpfs
    [InlineData(0x794C7630)] // overlayfs, in containers
    public void Local_file_systems_are_not(uint magic) => Assert.Null(FileSystems.SharedName(magic));

    [Fact]
    public void The_kernel_is_asked() => Assert.Equal(0x9FA0u, FileSystems.MagicOf("/proc"));

    [Theory]
    [InlineData("store")]
    [InlineData("cluster")]
    public async Task A_database_on_a_network_file_system_is_refused_when_it_is_opened(string name)
    {
        var options = new SqliteStoreOptions { Folder = _folder.FullName };
        var file = name == "store" ? options.ToFile("store", StoreSchema.Current) : ClusterDatabase.ToFile(options);
        await using var database = new SharedDatabase(file with { FileSystemOf = _ => 0x6969 }, readThreads: 1, TimeProvider.System, NullLogger.Instance);

        var refused = await Assert.ThrowsAsync<StoreException>(() => database.OpenAsync(CancellationToken.None));

        Assert.Equal(StoreFault.Unusable, refused.Fault);
        Assert.Contains($"The data folder '{_folder.FullName}' lies on a network or user-space file system (nfs)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Choose a folder on a local disk", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }
}
