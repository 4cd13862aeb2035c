using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Interp.Compute.Tests")]
