/** Quickstudy in VS Code: glue between the editor and `quickstudy-server`, which does all the work. */
import * as vscode from "vscode";
import { Diffs, jobOf } from "./diff";
import { install } from "./install";
import { Jobs } from "./jobs";
import { Lessons } from "./lessons";
import { Problem, register } from "./problem";
import { Reports } from "./report";
import { Server } from "./server";
import { Status } from "./status";
import type { Lesson } from "./wire";

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const server: Server = new Server(context, {
    changed: () => void jobs.refresh(),
    diff: (job) => diffs.open(job),
    edited: (document) => diffs.follow(document),
  });
  const jobs = new Jobs(server);
  const status = new Status(server, jobs);
  const lessons = new Lessons(server);
  const diffs: Diffs = new Diffs(server);
  const icon = vscode.Uri.joinPath(context.extensionUri, "media", "icon.png");
  const reports = new Reports(server, jobs, icon);

  jobs.onDidChange(() => {
    status.show();
    lessons.refresh();
    reports.refresh();
  });
  server.onDidChangeState(() => {
    jobs.forget();
    void jobs.refresh();
  });

  const optimize = async () => {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== "python") {
      throw new Problem("Open a Python file and put the cursor into a function first.");
    }
    const { line, character } = editor.selection.active;
    const uri = editor.document.uri.toString();
    await server.ask("optimize", { uri, position: { line, character } });
  };
  const decide = async (command: "apply" | "dismiss", job: string) => {
    await diffs.close(job);
    await server.ask(command, { job });
    await jobs.refresh();
  };
  const offer = (named: unknown) =>
    jobs.choose(named instanceof vscode.Uri ? jobOf(named) : named, jobs.of(["offered"]), "Nothing is offered now.");
  const running = (named: unknown) => jobs.choose(named, jobs.of(["running", "queued"]), "No job runs now.");
  const any = (named: unknown) => jobs.choose(named, [...jobs.current, ...jobs.past], "No job has run yet.");

  context.subscriptions.push(
    server,
    jobs,
    status,
    lessons,
    diffs,
    reports,
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.start()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("quickstudy.server")) {
        void server.restart();
      }
    }),
    register("quickstudy.optimizeFunction", optimize),
    register("quickstudy.menu", () => status.menu()),
    register("quickstudy.cancelJob", async (job: unknown) => server.ask("cancel", { job: await running(job) })),
    register("quickstudy.showDiff", async (job: unknown) => diffs.open(await offer(job))),
    register("quickstudy.applyOffer", async (job: unknown) => decide("apply", await offer(job))),
    register("quickstudy.dismissOffer", async (job: unknown) => decide("dismiss", await offer(job))),
    register("quickstudy.showReport", async (job: unknown) => reports.open(await any(job))),
    register("quickstudy.searchLessons", () => lessons.search()),
    register("quickstudy.showAllLessons", () => lessons.show("")),
    register("quickstudy.openLesson", (lesson: Lesson) => lessons.open(lesson)),
    register("quickstudy.pinLesson", (lesson: Lesson) => lessons.pin(lesson, true)),
    register("quickstudy.unpinLesson", (lesson: Lesson) => lessons.pin(lesson, false)),
    register("quickstudy.forgetLesson", (lesson: Lesson) => lessons.forget(lesson)),
    register("quickstudy.showLog", () => server.log.show()),
    register("quickstudy.restart", () => server.restart()),
    register("quickstudy.install", async () => {
      await install(context, server.log);
      await server.restart();
    }),
  );
  await server.start();
}
