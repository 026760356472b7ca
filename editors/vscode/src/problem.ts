/** The border between what goes wrong and the user: one sentence, and buttons for what can be done. */
import * as vscode from "vscode";
import { plain } from "./text";

export interface Way {
  title: string;
  command: string;
  argument?: unknown;
}

export const LOG: Way = { title: "Show Log", command: "quickstudy.showLog" };

/** Something the user can mend. Its message is one sentence that says what is wrong. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly ways: readonly Way[] = [],
  ) {
    super(message);
  }
}

/** Says what went wrong, and does what the user chooses to do about it. */
export async function tell(error: unknown): Promise<void> {
  if (error instanceof vscode.CancellationError) {
    return;
  }
  const message = plain(error instanceof Error ? error.message : String(error));
  const ways = error instanceof Problem ? error.ways : [];
  const way = await vscode.window.showErrorMessage(message, ...ways);
  if (way) {
    await vscode.commands.executeCommand(way.command, way.argument);
  }
}

/** A command whose failures are told. */
export function register(id: string, handler: (...given: never[]) => unknown): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...given: unknown[]) => {
    try {
      return await handler(...(given as never[]));
    } catch (error) {
      void tell(error);
      return undefined;
    }
  });
}
