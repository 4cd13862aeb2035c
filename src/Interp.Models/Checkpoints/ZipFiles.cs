using System.IO.Compression;

namespace Interp.Models.Checkpoints;

/// <summary>Opens the archives that weights come in.</summary>
internal static class ZipFiles
{
    /// <summary>Opens an archive for reading.</summary>
    /// <exception cref="CheckpointException">It is missing, cannot be read, or is no archive.</exception>
    public static ZipArchive Open(string path, string kind)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            _ = archive.Entries.Count;
            return archive;
        }
        catch (InvalidDataException e)
        {
            stream?.Dispose();
            throw new CheckpointException($"{path}: is no {kind[(kind.IndexOf(' ', StringComparison.Ordinal) + 1)..]}, or is cut short ({e.Message})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            throw new CheckpointException(
                e is FileNotFoundException or DirectoryNotFoundException ? $"{path}: there is no such file; check the path" : $"{path}: cannot be read ({e.Message})", e);
        }
    }
}
