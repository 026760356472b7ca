/** The settings as the server is told them: those that somebody chose, and no defaults. */
import * as vscode from "vscode";

const SECTION = "quickstudy";
/** What only this extension needs to know. */
const OURS = "server.";

/**
 * A default is not a choice: told as one, it would win over what the project says in its pyproject.toml.
 */
export function chosen(context: vscode.ExtensionContext, scope?: vscode.Uri): Record<string, unknown> {
  const manifest = context.extension.packageJSON as {
    contributes: { configuration: { properties: Record<string, unknown> } };
  };
  const configuration = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const found: Record<string, unknown> = {};
  for (const name of Object.keys(manifest.contributes.configuration.properties)) {
    const key = name.slice(SECTION.length + 1);
    const said = configuration.inspect(key);
    const value = said?.workspaceFolderValue ?? said?.workspaceValue ?? said?.globalValue;
    if (value !== undefined && value !== null && !key.startsWith(OURS)) {
      found[key] = value;
    }
  }
  return found;
}
