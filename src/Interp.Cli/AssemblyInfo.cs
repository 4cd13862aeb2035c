using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Interp.Cli.Tests")]
