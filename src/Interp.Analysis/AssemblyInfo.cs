using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Interp.Analysis.Tests")]
