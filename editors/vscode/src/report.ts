/** The report pages: one tab for each job, written anew while the job runs. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { page } from "./page";
import type { Jobs } from "./jobs";
import type { Server } from "./server";
import { plain } from "./text";
import type { Lesson, Report } from "./wire";

/** What a link of a page may do. */
const LINKS = ["quickstudy.showDiff", "quickstudy.applyOffer"];

export class Reports implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  constructor(
    private readonly server: Server,
    private readonly jobs: Jobs,
    private readonly icon: vscode.Uri,
  ) {}

  async open(job: string): Promise<void> {
    const report = await this.server.ask<Report>("report", { job });
    const shown = this.panels.get(job);
    if (shown) {
      shown.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      "quickstudy.report",
      `Report: ${plain(report.target.qualname)}`,
      vscode.ViewColumn.Active,
      { enableScripts: false, enableCommandUris: LINKS, enableFindWidget: true, localResourceRoots: [] },
    );
    panel.iconPath = this.icon;
    panel.onDidDispose(() => this.panels.delete(job));
    this.panels.set(job, panel);
    await this.write(job, panel, report);
  }

  /** Writes every open page anew. */
  refresh(): void {
    for (const [job, panel] of this.panels) {
      void this.server.ask<Report>("report", { job }).then(
        (report) => this.write(job, panel, report),
        (error: unknown) => this.server.log.info(String(error)), // the page keeps what it last showed
      );
    }
  }

  private async write(job: string, panel: vscode.WebviewPanel, report: Report): Promise<void> {
    const lessons = await this.server.ask<Lesson[]>("lessons", { query: "" });
    const html = page(report, {
      lessons: new Map(lessons.map((lesson) => [lesson.id, lesson.text])),
      state: this.jobs.current.find((each) => each.job === job)?.state ?? "over",
      job,
      nonce: randomBytes(16).toString("base64"),
    });
    if (withoutNonce(panel.webview.html) !== withoutNonce(html)) {
      panel.webview.html = html; // which would take the focus and the place of a reader
    }
  }

  dispose(): void {
    for (const panel of this.panels.values()) {
      panel.dispose();
    }
  }
}

function withoutNonce(html: string): string {
  return html.replace(/nonce[-=]"?[^"']+/g, "");
}
