using System.Buffers.Binary;
using System.Text;

namespace Interp.Compute.Devices;

/// <summary>
/// Reads and edits the symbol-version needs (<c>.gnu.version_r</c>) of a 64-bit little-endian ELF image held in memory.
/// A need marked weak (<c>VER_FLG_WEAK</c>) no longer stops the dynamic loader when the host lacks that version.
/// </summary>
/// <remarks>Source: Linux Standard Base Core Specification, "Symbol Versioning"; ELF-64 Object File Format 1.5.</remarks>
internal static class ElfVersionNeeds
{
    private const ushort WeakFlag = 0x2;
    private const uint SectionRela = 4;
    private const uint SectionDynamicSymbols = 11;
    private const uint SectionVersionNeeds = 0x6ffffffe;
    private const uint SectionVersionSymbols = 0x6fffffff;
    private const int RelaEntryBytes = 24;

    /// <summary>Whether the image asks for <paramref name="version"/> in a way that stops the loader when it is missing.</summary>
    /// <exception cref="InvalidDataException">The bytes are no 64-bit little-endian ELF image.</exception>
    public static bool Requires(ReadOnlySpan<byte> image, string version) => Find(image, version) is { IsWeak: false };

    /// <summary>Marks the need for <paramref name="version"/> weak, in place.</summary>
    /// <returns>True when a byte changed; false when the version is not needed or already weak.</returns>
    /// <exception cref="InvalidOperationException">A relocation uses a symbol of that version, so the library cannot run without it.</exception>
    /// <exception cref="InvalidDataException">The bytes are no 64-bit little-endian ELF image.</exception>
    public static bool MarkWeak(Span<byte> image, string version)
    {
        if (Find(image, version) is not { IsWeak: false } need)
        {
            return false;
        }

        if (AnyRelocationUses(image, need.VersionIndex))
        {
            throw new InvalidOperationException($"a relocation uses a symbol of version {version}");
        }

        var flags = image[need.FlagsOffset..];
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | WeakFlag));
        return true;
    }

    private static Need? Find(ReadOnlySpan<byte> image, string version)
    {
        var sections = Sections(image);
        foreach (var section in sections)
        {
            if (section.Type != SectionVersionNeeds)
            {
                continue;
            }

            var names = sections[section.Link];
            var entry = section.Offset;
            for (uint file = 0; file < section.Info; file++)
            {
                var auxiliaryCount = U16(image, entry + 2);
                var auxiliary = entry + (int)U32(image, entry + 8);
                for (var i = 0; i < auxiliaryCount; i++)
                {
                    if (NameIs(image, names.Offset + (int)U32(image, auxiliary + 8), version))
                    {
                        return new Need(auxiliary + 4, U16(image, auxiliary + 6), (U16(image, auxiliary + 4) & WeakFlag) != 0);
                    }

                    auxiliary += (int)U32(image, auxiliary + 12);
                }

                entry += (int)U32(image, entry + 12);
            }
        }

        return null;
    }

    private static bool AnyRelocationUses(ReadOnlySpan<byte> image, ushort versionIndex)
    {
        var sections = Sections(image);
        var versions = Array.Find(sections, s => s.Type == SectionVersionSymbols);
        var dynamicSymbols = Array.FindIndex(sections, s => s.Type == SectionDynamicSymbols);
        if (versions is null || dynamicSymbols < 0)
        {
            return false;
        }

        foreach (var section in sections)
        {
            if (section.Type != SectionRela || section.Link != dynamicSymbols)
            {
                continue;
            }

            for (var offset = section.Offset; offset + RelaEntryBytes <= section.Offset + section.Size; offset += RelaEntryBytes)
            {
                var symbol = (int)(U64(image, offset + 8) >> 32);
                if (symbol != 0 && (U16(image, versions.Offset + (2 * symbol)) & 0x7fff) == versionIndex)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static Section[] Sections(ReadOnlySpan<byte> image)
    {
        if (image.Length < 64 || !image[..6].SequenceEqual<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw new InvalidDataException("not a 64-bit little-endian ELF file");
        }

        var table = checked((int)U64(image, 0x28));
        var entryBytes = U16(image, 0x3a);
        var sections = new Section[U16(image, 0x3c)];
        for (var i = 0; i < sections.Length; i++)
        {
            var at = table + (i * entryBytes);
            sections[i] = new Section(
                U32(image, at + 4), checked((int)U64(image, at + 24)), checked((int)U64(image, at + 32)), (int)U32(image, at + 40), U32(image, at + 44));
        }

        return sections;
    }

    private static bool NameIs(ReadOnlySpan<byte> image, int offset, string name) =>
        offset + name.Length < image.Length
        && image[offset + name.Length] == 0
        && Encoding.ASCII.GetString(image.Slice(offset, name.Length)) == name;

    private static ushort U16(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(image[offset..]);

    private static uint U32(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(image[offset..]);

    private static ulong U64(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(image[offset..]);

    private sealed record Need(int FlagsOffset, ushort VersionIndex, bool IsWeak);

    private sealed record Section(uint Type, int Offset, int Size, int Link, uint Info);
}
