/** The settings as the server is told them: those that somebody chose, and no defaults. */
import * as vscode from "vscode";

const SECTION = "quickstudy";
/** What only this extension needs to know. */
const OURS = "server.";

interface Manifest {
  contributes: { configuration: { properties: Record<string, { scope: string }> } };
}

/**
 * A default is not a choice: given as one, it would win over the user's own config.toml. And
 * what is the user's own is read from the user's settings only: those of a folder may be a repository's.
 */
export function chosen(context: vscode.ExtensionContext, scope?: vscode.Uri): Record<string, unknown> {
  const manifest = context.extension.packageJSON as Manifest;
  const configuration = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const found: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(manifest.contributes.configuration.properties)) {
    const key = name.slice(SECTION.length + 1);
    const set = configuration.inspect(key);
    const shared = property.scope === "machine" ? undefined : (set?.workspaceFolderValue ?? set?.workspaceValue);
    const value = shared ?? set?.globalValue;
    if (value !== undefined && value !== null && !key.startsWith(OURS)) {
      found[key] = value;
    }
  }
  return found;
}
