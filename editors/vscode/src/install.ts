/**
 * Installs the server into an environment of its own, which touches no project and no other Python. With `-I`
 * Python imports nothing from the folder that it is started in.
 */
import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { environment } from "./find";
import { LOG, Problem } from "./problem";

const OLDEST = "3.11";

/** Makes the environment anew. Throws Problem, and leaves nothing half done. */
export async function install(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<void> {
  const folder = environment(context);
  const wanted = `quickstudy[local]~=${(context.extension.packageJSON as { version: string }).version}`;
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: "Installing Quickstudy's server",
      cancellable: true,
    },
    async (progress, token) => {
      try {
        await mkdir(context.globalStorageUri.fsPath, { recursive: true });
        await rm(folder, { recursive: true, force: true });
        progress.report({ message: "looking at Python" });
        const check = `import sys; sys.exit(sys.version_info < (${OLDEST.replace(".", ", ")}))`;
        await run("python3", ["-I", "-c", check], log, token, `Quickstudy needs Python ${OLDEST} or newer as python3.`);
        progress.report({ message: "making an environment" });
        await run("python3", ["-I", "-m", "venv", folder], log, token, "Python could not make an environment.");
        progress.report({ message: "fetching the server; this can take some minutes" });
        const pip = ["-I", "-m", "pip", "install", "--disable-pip-version-check", wanted];
        await run(join(folder, "bin", "python"), pip, log, token, "The server could not be fetched.");
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    },
  );
}

/** Runs a program to its end; its output goes to the log. Throws Problem with the sentence if it fails. */
async function run(
  command: string,
  args: readonly string[],
  log: vscode.LogOutputChannel,
  token: vscode.CancellationToken,
  sentence: string,
): Promise<void> {
  log.info(`${command} ${args.join(" ")}`);
  const child = spawn(command, args, {
    env: { ...process.env, PYTHONPATH: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const asked = token.onCancellationRequested(() => child.kill());
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log.info(text.trimEnd());
    });
  }
  const status = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      log.error(error);
      resolve(null);
    });
    child.once("close", resolve);
  });
  asked.dispose();
  if (token.isCancellationRequested) {
    throw new vscode.CancellationError();
  }
  if (status !== 0) {
    throw new Problem(`${sentence} The log says more.`, [LOG]);
  }
}
