using Mono.Cecil;
using MendTorchSharp;

if (args is not [var source, var target])
{
    Console.Error.WriteLine("usage: MendTorchSharp SOURCE.dll TARGET.dll");
    return 2;
}

using var module = ModuleDefinition.ReadModule(source);
var mended = new OperandLifetimes(module).Extend();
if (mended == 0)
{
    Console.Error.WriteLine($"error: {source} has no method that hands an operand's address to a native call: look what this version does, or drop the step");
    return 1;
}

// Written beside and renamed, so that a build that stops half way leaves no half library.
var temporary = target + ".tmp";
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
module.Write(temporary, new WriterParameters { DeterministicMvid = true });
File.Move(temporary, target, overwrite: true);
return 0;
