using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace MendTorchSharp;

/// <summary>
/// TorchSharp 0.107 reads the native address of a tensor, scalar or generator and hands it to libtorch, after which nothing refers to the object:
/// a collection that another thread starts during the call lets its finalizer free what libtorch is about to read. Here each method that reads an
/// address keeps the object it was read from (<c>GC.KeepAlive</c>) until the method returns.
/// </summary>
internal sealed class OperandLifetimes
{
    private static readonly string[] s_owners = ["TorchSharp.Scalar", "TorchSharp.torch/Tensor", "TorchSharp.torch/Generator"];

    // What hands out, moves or frees the address itself.
    private static readonly string[] s_ownMethods = ["get_Handle", "get_IsInvalid", "MoveHandle", "DecoupleFromNativeHandle", "Dispose", "Finalize"];

    private readonly MethodReference _keepAlive;
    private readonly List<MethodDefinition> _methods;
    private readonly HashSet<MethodDefinition> _passing = [];

    public OperandLifetimes(ModuleDefinition module)
    {
        var runtime = module.TypeSystem.CoreLibrary;
        var collector = new TypeReference("System", "GC", module, runtime);
        _keepAlive = new MethodReference("KeepAlive", module.TypeSystem.Void, collector)
        {
            Parameters = { new ParameterDefinition(module.TypeSystem.Object) },
        };
        _methods =
        [
            .. module.GetTypes().SelectMany(type => type.Methods)
                .Where(method => method.HasBody && !(s_owners.Contains(method.DeclaringType.FullName) && s_ownMethods.Contains(method.Name))),
        ];
        FindPassing();
    }

    /// <summary>Rewrites the module's methods.</summary>
    /// <returns>How many were changed.</returns>
    public int Extend() => _methods.Count(Extend);

    /// <summary>
    /// Methods and lambdas that return addresses they read (of a list of tensors): the objects must outlive not them but what calls them.
    /// </summary>
    private void FindPassing()
    {
        int known;
        do
        {
            known = _passing.Count;
            _passing.UnionWith(_methods.Where(method => IsAddress(method.ReturnType) && method.Body.Instructions.Any(i => ReadsAddress(i) || UsesPassing(i))));
        }
        while (_passing.Count > known);
    }

    private bool Extend(MethodDefinition method)
    {
        var body = method.Body;
        var reads = body.Instructions.Where(ReadsAddress).ToArray();
        var arguments = body.Instructions.Any(UsesPassing) ? References(method).ToArray() : [];
        if (reads.Length == 0 && arguments.Length == 0)
        {
            return false;
        }

        body.SimplifyMacros();
        var writer = body.GetILProcessor();
        var kept = reads.Select(read => Remember(writer, read)).ToArray();
        foreach (var end in body.Instructions.Where(instruction => instruction.OpCode == OpCodes.Ret).ToArray())
        {
            Keep(writer, end, kept, arguments);
        }

        body.InitLocals = true;
        body.OptimizeMacros();
        return true;
    }

    /// <summary>Stores the object whose address is read next in a local of its own.</summary>
    private static VariableDefinition Remember(ILProcessor writer, Instruction read)
    {
        var owner = ((MemberReference)read.Operand).DeclaringType;
        var local = new VariableDefinition(owner);
        writer.Body.Variables.Add(local);
        // Jumps to the read must store too, so what was the read becomes the copy.
        var rest = Instruction.Create(OpCodes.Nop);
        (rest.OpCode, rest.Operand) = (read.OpCode, read.Operand);
        (read.OpCode, read.Operand) = (OpCodes.Dup, null);
        var store = Instruction.Create(OpCodes.Stloc, local);
        writer.InsertAfter(read, store);
        writer.InsertAfter(store, rest);
        return local;
    }

    private void Keep(ILProcessor writer, Instruction end, VariableDefinition[] kept, ParameterDefinition[] arguments)
    {
        // Jumps to the return must pass here, so what was the return becomes the first of the new instructions.
        (OpCode, object)[] loads = [.. kept.Select(local => (OpCodes.Ldloc, (object)local)), .. arguments.Select(argument => (OpCodes.Ldarg, (object)argument))];
        var last = end;
        foreach (var (code, operand) in loads)
        {
            if (last == end)
            {
                (end.OpCode, end.Operand) = (code, operand);
            }
            else
            {
                var load = Instruction.Create(OpCodes.Nop);
                (load.OpCode, load.Operand) = (code, operand);
                writer.InsertAfter(last, load);
                last = load;
            }

            var call = Instruction.Create(OpCodes.Call, _keepAlive);
            writer.InsertAfter(last, call);
            last = call;
        }

        writer.InsertAfter(last, Instruction.Create(OpCodes.Ret));
    }

    private static IEnumerable<ParameterDefinition> References(MethodDefinition method)
    {
        if (method.HasThis && !method.DeclaringType.IsValueType)
        {
            yield return method.Body.ThisParameter;
        }

        foreach (var parameter in method.Parameters)
        {
            if (!parameter.ParameterType.IsValueType && !parameter.ParameterType.IsByReference && !parameter.ParameterType.IsGenericParameter && !parameter.ParameterType.IsPointer)
            {
                yield return parameter;
            }
        }
    }

    private static bool ReadsAddress(Instruction instruction) =>
        instruction.Operand is MemberReference member && s_owners.Contains(member.DeclaringType?.FullName)
        && (instruction.OpCode.Code, member.Name) is (Code.Call or Code.Callvirt, "get_Handle") or (Code.Ldfld, "handle");

    private bool UsesPassing(Instruction instruction) =>
        instruction.Operand is MethodReference method
        && method.DeclaringType.GetElementType() is TypeDefinition // not of another assembly, which is not at hand
        && _passing.Contains(method.Resolve());

    private static bool IsAddress(TypeReference type) => (type is ArrayType array ? array.ElementType : type).FullName == "System.IntPtr";
}
