using Interp.Web.Hosting;

return await WebProgram.Run(args);
