using FaultTolerance.Storage.Sqlite.Databases;

namespace FaultTolerance.Storage.Sqlite.Tests;

public sealed class FileSystemsTests
{
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
    public void A_local_folder_is_let_through() => FileSystems.RequireLocal(Path.GetTempPath());
}
