/** An offer side by side with the live buffer, in VS Code's own diff editor. */
import * as vscode from "vscode";
import { Problem, tell } from "./problem";
import type { Server } from "./server";
import type { Preview } from "./wire";

/** The scheme of the right-hand side; `package.json` shows the title bar's buttons by it. */
const SCHEME = "quickstudy";

export class Diffs implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  /** By job, the document on the left. */
  private readonly shown = new Map<string, vscode.Uri>();
  private readonly provided: vscode.Disposable;

  constructor(private readonly server: Server) {
    this.provided = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    return (await this.preview(uri.query)).after;
  }

  private preview(job: string): Promise<Preview> {
    return this.server.ask<Preview>("preview", { job });
  }

  async open(job: string): Promise<void> {
    const preview = await this.preview(job);
    const left = vscode.Uri.parse(preview.uri);
    const right = vscode.Uri.from({ scheme: SCHEME, path: left.path, query: job });
    this.shown.set(job, left);
    this.changes.fire(right);
    const selection = new vscode.Range(preview.start, 0, preview.start, 0);
    await vscode.commands.executeCommand("vscode.diff", left, right, preview.title, { selection });
  }

  /** The buffer on the left was edited: the right follows, or closes if the offer no longer fits. */
  follow(edited: vscode.Uri): void {
    for (const [job, left] of this.shown) {
      if (left.toString() === edited.toString()) {
        void this.renew(job);
      }
    }
  }

  private async renew(job: string): Promise<void> {
    const tab = tabOf(job);
    if (!tab) {
      this.shown.delete(job);
      return;
    }
    try {
      await this.preview(job);
      this.changes.fire((tab.input as vscode.TabInputTextDiff).modified);
    } catch {
      await this.close(job);
      void tell(new Problem("The function was changed, so its faster variant is no longer offered."));
    }
  }

  /** Closes the diff of a job; what it showed on the left stays open. */
  async close(job: string): Promise<void> {
    this.shown.delete(job);
    const tab = tabOf(job);
    if (tab) {
      await vscode.window.tabGroups.close(tab);
    }
  }

  dispose(): void {
    this.provided.dispose();
    this.changes.dispose();
  }
}

function tabOf(job: string): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .find(({ input }) => input instanceof vscode.TabInputTextDiff && jobOf(input.modified) === job);
}

/** The job that a diff is about, from the address of its right-hand side. */
export function jobOf(uri: unknown): string | undefined {
  return uri instanceof vscode.Uri && uri.scheme === SCHEME ? uri.query : undefined;
}
