using Interp.Compute;

namespace Interp.Web.ViewModels;

/// <summary>Turns the failures that a person can mend into the line that a page shows.</summary>
internal static class Failure
{
    /// <summary>Acts, and returns null, or why it could not be done.</summary>
    public static string? Of(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (Exception e) when (e is InterpException or IOException or UnauthorizedAccessException)
        {
            return e.Message.ReplaceLineEndings(" ");
        }
    }
}
