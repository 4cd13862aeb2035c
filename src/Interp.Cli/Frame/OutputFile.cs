using Interp.Compute;

namespace Interp.Cli.Frame;

/// <summary>Looks early whether a file can be written, before minutes of work are spent on what goes into it.</summary>
internal static class OutputFile
{
    /// <summary>Checks the path and makes its folder.</summary>
    /// <exception cref="InterpException">It is a folder, or its folder cannot be made.</exception>
    public static void Check(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || Directory.Exists(path))
        {
            throw new InterpException($"'{path}' is no file name: name the file to write");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InterpException($"the folder of {path} cannot be made: {e.Message.ReplaceLineEndings(" ")}; choose another place", e);
        }
    }

    /// <summary>Writes a file beside its place and renames it: it appears whole or not at all.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
