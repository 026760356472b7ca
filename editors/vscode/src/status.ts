/** The status bar item, and the list that it opens. */
import * as vscode from "vscode";
import { described, type Jobs } from "./jobs";
import type { Server } from "./server";
import type { Job } from "./wire";

export class Status implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    "quickstudy.status",
    vscode.StatusBarAlignment.Right,
    100,
  );

  constructor(
    private readonly server: Server,
    private readonly jobs: Jobs,
  ) {
    this.item.name = "Quickstudy";
    this.item.command = "quickstudy.menu";
    this.show();
    this.item.show();
  }

  show(): void {
    const [text, tooltip] = this.words();
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: `Quickstudy: ${tooltip}`, role: "button" };
    this.item.backgroundColor =
      this.server.state === "missing" ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  }

  private words(): [text: string, tooltip: string] {
    switch (this.server.state) {
      case "restricted":
        return ["$(shield) Quickstudy is off", this.server.reason];
      case "missing":
        return ["$(warning) Quickstudy", this.server.reason];
      case "starting":
        return ["$(sync~spin) Quickstudy", "The server is starting."];
      case "running":
        break;
    }
    const [running] = this.jobs.of(["running"]);
    if (running) {
      return [`$(sync~spin) ${progress(running)}`, `${running.qualname}: ${running.said}`];
    }
    const [offer, ...more] = this.jobs.of(["offered"]);
    if (offer) {
      const others = more.length ? ` and ${more.length} more` : "";
      return [
        `$(rocket) ${offer.words.speedup} waiting${others}`,
        `A faster ${offer.qualname} waits for you${others}.`,
      ];
    }
    return ["$(rocket) Quickstudy", "No job runs. Click to begin."];
  }

  /** What can be done now, as a list. */
  async menu(): Promise<void> {
    if (this.server.state !== "running") {
      await this.server.ask("jobs"); // says why nothing can be done
    }
    await this.jobs.refresh();
    const picked = await vscode.window.showQuickPick(this.entries(), {
      title: "Quickstudy",
      placeHolder: "Offers, jobs, and what else can be done",
      matchOnDescription: true,
    });
    if (picked?.command) {
      await vscode.commands.executeCommand(picked.command, picked.job);
    }
  }

  private entries(): Entry[] {
    return [
      ...section("Offers", this.jobs.of(["offered"]), (job) => [
        { label: `$(diff) Show diff of ${job.name}`, description: described(job), command: "quickstudy.showDiff" },
        { label: `$(check) Apply the faster ${job.name}`, command: "quickstudy.applyOffer" },
        { label: `$(graph) Report on ${job.name}`, command: "quickstudy.showReport" },
        { label: `$(close) Dismiss the offer for ${job.name}`, command: "quickstudy.dismissOffer" },
      ]),
      ...section("Jobs", this.jobs.of(["running", "queued"]), (job) => [
        { label: `$(stop-circle) Cancel ${job.name}`, description: described(job), command: "quickstudy.cancelJob" },
        { label: `$(graph) Report on ${job.name} so far`, command: "quickstudy.showReport" },
      ]),
      ...section("Earlier", this.jobs.past.slice(0, 5), (job) => [
        { label: `$(graph) Report on ${job.name}`, command: "quickstudy.showReport" },
      ]),
      { label: "More", kind: vscode.QuickPickItemKind.Separator },
      { label: "$(rocket) Optimize the function at the cursor", command: "quickstudy.optimizeFunction" },
      { label: "$(book) Show the lessons", command: "quickstudy.lessons.focus" },
      { label: "$(output) Show the log", command: "quickstudy.showLog" },
    ];
  }

  dispose(): void {
    this.item.dispose();
  }
}

interface Entry extends vscode.QuickPickItem {
  command?: string;
  job?: string;
}

function section(title: string, jobs: readonly Job[], entries: (job: Job) => Entry[]): Entry[] {
  const found = jobs.flatMap((job) => entries(job).map((entry) => ({ ...entry, job: job.job })));
  return found.length ? [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...found] : [];
}

function progress(job: Job): string {
  return job.round ? `round ${job.round}/${job.rounds}` : `${job.name} ${job.percentage} %`;
}
