namespace Doorbuster.Sql.Sqlite;

/// <summary>Buyer ids and the keys of order ids are nobody else's, wherever the data directory is.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersDirectory = OwnersFile | UnixFileMode.UserExecute;

    /// <summary>Where a file really is, so that those who name it by a link and by itself mean one file.</summary>
    public static string Locate(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    /// <summary>Makes a directory for its owner alone; one that is there stays as it is.</summary>
    public static void MakeDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, OwnersDirectory);
        }
    }

    /// <summary>Makes an empty file for its owner alone; one that is there stays as it is.</summary>
    public static void MakeFile(string path)
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(path))
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                UnixCreateMode = OwnersFile,
            };
            new FileStream(path, options).Dispose();
        }
    }
}
