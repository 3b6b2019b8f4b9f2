// The ids of people and places: which organization a workspace is of can be read from its id.

/** `<organization>/<name>`: how a workspace is called everywhere inside. */
export function workspaceId(organization: string, name: string): string {
  return `${organization}/${name}`;
}

/** The full id, also of a workspace that was named before there were several organizations: it is the first one's. */
export function fullId(workspace: string, first: string): string {
  return workspace.includes('/') ? workspace : workspaceId(first, workspace);
}

/** The organization that a workspace is of. One without a slash is from before organizations had names, and is the first one's. */
export function organizationOf(workspace: string, first = ''): string {
  const at = workspace.indexOf('/');
  return at < 0 ? first : workspace.slice(0, at);
}

/** What people call a workspace: its name, without the organization. */
export function nameOf(workspace: string): string {
  return workspace.slice(workspace.indexOf('/') + 1);
}

/** Those of some workspaces that are an organization's: what is somebody's elsewhere is not its business. */
export function contextsOf(workspaces: readonly string[], organization: string): readonly string[] {
  return workspaces.filter((workspace) => organizationOf(workspace, organization) === organization);
}
