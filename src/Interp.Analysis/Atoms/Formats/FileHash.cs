using System.Security.Cryptography;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>Checksums of files.</summary>
internal static class FileHash
{
    /// <summary>The SHA-256 in lower-case hexadecimal.</summary>
    public static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
