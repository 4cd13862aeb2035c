using System.Globalization;

namespace Interp.Web.ViewModels;

/// <summary>Times as people read them, in the time zone of the machine that runs the app.</summary>
public static class TimeText
{
    /// <summary>Date and time to the minute.</summary>
    public static string Of(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
