global using LabWorkspace = Interp.Workbench.Workspace.Workspace;

// Every test of a page starts a host or a browser; on a small machine they would only slow each other down.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
