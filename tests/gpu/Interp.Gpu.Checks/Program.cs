using Interp.Gpu.Checks;

return CheckProgram.Run(args, Console.Out);
