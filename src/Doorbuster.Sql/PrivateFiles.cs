using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Doorbuster.Sql;

/// <summary>
/// Files and directories of one owner: buyer ids and keys are nobody else's, wherever they are kept. What is made here
/// outlives a power cut from when the call returns, its name in the directory included.
/// </summary>
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

    /// <summary>
    /// Makes a directory, and those above it that are missing; one that is there stays as it is.
    /// </summary>
    public static void MakeDirectory(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        var parent = Path.GetDirectoryName(Path.GetFullPath(directory));
        if (parent is not null)
        {
            MakeDirectory(parent);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, OwnersDirectory);
        }

        if (parent is not null)
        {
            SyncNames(parent);
        }
    }

    /// <summary>Makes an empty file; one that is there stays as it is.</summary>
    public static void MakeFile(string path)
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(path))
        {
            Create(path).Dispose();
            SyncNames(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>
    /// Makes a file that appears whole, under a draft's name first, and only where there is none of its name.
    /// </summary>
    /// <exception cref="IOException">There is one, or it could not be written; the draft is gone.</exception>
    public static void Write(string path, string draft, ReadOnlySpan<byte> content)
    {
        try
        {
            using (var file = Create(draft))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
            SyncNames(Path.GetDirectoryName(path)!);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnersFile;
        }

        return new FileStream(path, options);
    }

    /// <summary>
    /// Waits until the names in a directory are on disk. A directory that may be written and not be read cannot be
    /// asked for it, and some file systems know no such call: there, as for SQLite itself, the names come when they
    /// come.
    /// </summary>
    private static void SyncNames(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int ReadOnly = 0;
        using var handle = new SafeFileHandle(open(directory, ReadOnly), ownsHandle: true);
        if (!handle.IsInvalid)
        {
            RandomAccess.FlushToDisk(handle);
        }
    }

    // .NET opens no directories.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
