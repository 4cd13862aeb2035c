using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Interp.Models.Tests")]
