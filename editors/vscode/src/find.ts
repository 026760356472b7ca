/** Where the server is: the setting, the Python extension's interpreter, PATH, or an environment of our own. */
import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, relative } from "node:path";
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

/** The server's program, none of the open folders', which a repository may bring. Throws Problem if there is none. */
export async function findServer(context: vscode.ExtensionContext): Promise<string> {
  if (process.platform !== "linux") {
    throw new Problem(
      "Quickstudy runs on Linux only; open the folder in WSL, in a container, or over SSH.",
    );
  }
  const named = vscode.workspace.getConfiguration("quickstudy").inspect<string | null>("server.path")?.globalValue;
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
  let passed: string | undefined;
  for (const file of folders.map((folder) => join(folder, SERVER))) {
    if (await isProgram(file)) {
      if (!(await isInOpenFolder(file))) {
        return file;
      }
      passed ??= file;
    }
  }
  const what = passed
    ? `The server of the open folder is not started, as the folder may not be yours: ${passed}`
    : "Quickstudy's server is not installed on this machine.";
  throw new Problem(what, [INSTALL, SETTING]);
}

/** Whether a program is in an open folder, or is a link to one there. Whoever opens their home knows what is in it. */
async function isInOpenFolder(file: string): Promise<boolean> {
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .map((folder) => folder.uri.fsPath)
    .filter((folder) => folder !== homedir() && !isBelow(homedir(), folder));
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  const places = [file, join(await realpath(dirname(file)), SERVER), await realpath(file)];
  return [...folders, ...real].some((folder) => places.some((place) => isBelow(place, folder)));
}

function isBelow(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== "" && path.split("/")[0] !== ".." && !isAbsolute(path);
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
