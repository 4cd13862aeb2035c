using Interp.Compute;

namespace Interp.Analysis;

/// <summary>Checks that parts make a whole.</summary>
internal static class MergedParts
{
    /// <summary>Every part must be there, once.</summary>
    /// <exception cref="InterpException">One is missing or there twice; the message names it.</exception>
    public static void RequireAll(IReadOnlyList<(string Folder, WorkPart Part)> parts)
    {
        var count = parts[0].Part.Count;
        for (var index = 1; index <= count; index++)
        {
            var found = parts.Where(part => part.Part.Index == index).Select(part => part.Folder).ToArray();
            if (found.Length != 1)
            {
                throw new InterpException(found.Length == 0 ? $"part {index}/{count} is missing: give the folders of all {count} parts" : $"part {index}/{count} is there twice: {found[0]} and {found[1]}");
            }
        }
    }
}
