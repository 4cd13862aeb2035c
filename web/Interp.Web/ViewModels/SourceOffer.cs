namespace Interp.Web.ViewModels;

/// <summary>Something at hand that a source field may take.</summary>
/// <param name="Value">What goes into the field.</param>
/// <param name="Words">What it is.</param>
public readonly record struct SourceOffer(string Value, string Words);
