#!/usr/bin/env dotnet
#:project ../src/Interp.Workbench/Interp.Workbench.csproj
#:property PublishAot=false

// A first look at a model: load it, run it, look inside, change something.
// Run it with: dotnet run notebooks/first-look.cs
using Interp.Models;
using Interp.Models.Hooks;
using static TorchSharp.torch;

var folder = args.Length > 0 ? args[0] : Path.Combine("models", "clock-59");
using var model = LanguageModel.Load(folder);
Console.WriteLine($"{model.Name}: {model.Config.Family}, {model.ParameterCount:N0} parameters, {model.HookPoints.Count} hook points");

// The clock adds modulo 59: the prompt [a, b, =] is answered at its last position.
using var ids = tensor(new long[] { 17, 50, 59 }, 1, 3);
using var run = model.Run(ids, new RunOptions { Capture = HookFilter.Names("pattern0", "blocks.0.mlp.hook_post") });
Console.WriteLine($"17 + 50 = {run.Logits![0, 2].argmax().item<long>()} (mod 59)");

// What the heads at the last position look at.
var pattern = run.Cache["pattern", 0]; // [batch, head, query, key]
for (var head = 0; head < model.Config.HeadCount; head++)
{
    Console.WriteLine($"head {head} looks at a, b, = with {string.Join(", ", pattern[0, head, 2].data<float>().Select(share => $"{share:P0}"))}");
}

// Without its neurons the model cannot multiply cosines, and without products it cannot add angles.
HookFunction ablate = (value, _) => zeros_like(value);
using var ablated = model.Run(ids, new RunOptions { Hooks = [new HookHandler("blocks.0.mlp.hook_post", ablate)] });
Console.WriteLine($"without neurons: 17 + 50 = {ablated.Logits![0, 2].argmax().item<long>()}");
