namespace Interp.Models.Adapters;

/// <summary>The products of a block that an adapter may add to.</summary>
internal enum LivePlace
{
    QueryKeyValue,
    Output,
    Gate,
    In,
    Out,
}
