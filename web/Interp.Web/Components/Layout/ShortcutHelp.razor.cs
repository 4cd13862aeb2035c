namespace Interp.Web.Components.Layout;

/// <summary>The dialog that lists the shortcuts; <c>js/keys.js</c> opens it and acts on them.</summary>
public partial class ShortcutHelp
{
    private static readonly (string Keys, string Act)[] s_shortcuts =
    [
        ("g h", "first page"),
        ("g m", "models"),
        ("g a", "analyses"),
        ("g j", "jobs"),
        ("g r", "runs"),
        ("/", "the search field, where a page has one"),
        ("j  k", "next and previous row or figure"),
        ("Ctrl Enter", "start what the form describes"),
        ("y", "copy the link of this page"),
        ("d", "light or dark"),
        ("?", "this list"),
    ];
}
