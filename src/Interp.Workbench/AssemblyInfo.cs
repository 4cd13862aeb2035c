using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Interp.Workbench.Tests")]
[assembly: InternalsVisibleTo("Interp.Web.Tests")]
