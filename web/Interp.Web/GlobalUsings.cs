global using LabWorkspace = Interp.Workbench.Workspace.Workspace;
