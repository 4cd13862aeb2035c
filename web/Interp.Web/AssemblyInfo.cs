using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Interp.Web.Tests")]
