using System.Text;
using Interp.Cli.Frame;

using var signals = new StopSignals();
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
return InterpProgram.Run(args, output, Console.Error, Console.IsErrorRedirected ? null : Console.WindowWidth is > 0 and var width ? width : 80, signals.Token);
