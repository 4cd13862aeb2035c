using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Interp.Workbench.Tests")]
