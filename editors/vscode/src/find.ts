/** Where the server is: the setting, the Python extension's interpreter, PATH, or an environment of our own. */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import { Problem } from "./problem";

const SERVER = "quickstudy-server";

export const INSTALL = { title: "Install It", command: "quickstudy.install" };
const SETTING = {
  title: "Open Setting",
  command: "workbench.action.openSettings",
  argument: "quickstudy.server.path",
};

/** The environment that `install` makes. */
export function environment(context: vscode.ExtensionContext): string {
  return join(context.globalStorageUri.fsPath, "environment");
}

/** The server's program. Throws Problem if there is none. */
export async function findServer(context: vscode.ExtensionContext): Promise<string> {
  if (process.platform !== "linux") {
    throw new Problem(
      "Quickstudy runs on Linux only; open the folder in WSL, in a container, or over SSH.",
    );
  }
  const named = vscode.workspace.getConfiguration("quickstudy").get<string | null>("server.path");
  if (named) {
    const file = named.replace(/^~(?=\/)/, homedir());
    if (isAbsolute(file) && (await isProgram(file))) {
      return file;
    }
    throw new Problem(`The setting quickstudy.server.path names no program: ${named}`, [SETTING]);
  }
  const interpreter = await chosenInterpreter();
  const folders = [
    ...(interpreter ? [dirname(interpreter)] : []),
    ...(process.env.PATH ?? "").split(delimiter).filter(isAbsolute),
    join(environment(context), "bin"),
  ];
  for (const file of folders.map((folder) => join(folder, SERVER))) {
    if (await isProgram(file)) {
      return file;
    }
  }
  throw new Problem("Quickstudy's server is not installed on this machine.", [INSTALL, SETTING]);
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The part of the Python extension's public interface that is used here. */
interface PythonExtension {
  environments: { getActiveEnvironmentPath(resource?: vscode.Uri): { path: string } };
}

async function chosenInterpreter(): Promise<string | undefined> {
  const python = vscode.extensions.getExtension<PythonExtension>("ms-python.python");
  const api = await python?.activate();
  const path = api?.environments.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri).path;
  return path && isAbsolute(path) ? path : undefined;
}
