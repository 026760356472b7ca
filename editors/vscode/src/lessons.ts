/** The Lessons view: what was learnt in this project, by outcome and gain. */
import * as vscode from "vscode";
import { Problem } from "./problem";
import type { Server } from "./server";
import { plain } from "./text";
import { count } from "./words";
import type { Lesson, VerdictWords } from "./wire";

interface Group {
  outcome: string;
  words: VerdictWords;
  lessons: Lesson[];
}

type Node = Group | Lesson;

const ICONS: Record<VerdictWords["tone"], string> = {
  good: "rocket",
  neutral: "dash",
  poor: "arrow-down",
  bad: "error",
};

export class Lessons implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly view = vscode.window.createTreeView("quickstudy.lessons", {
    treeDataProvider: this,
    showCollapseAll: true,
  });
  private query = "";

  constructor(private readonly server: Server) {}

  refresh(): void {
    this.changes.fire();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) {
      return "lessons" in node ? node.lessons : [];
    }
    if (this.server.state !== "running") {
      return [];
    }
    const lessons = await this.server.ask<Lesson[]>("lessons", { query: this.query });
    this.view.message = this.query ? `${count(lessons.length, "lesson")} for “${this.query}”` : "";
    return grouped(lessons);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return "lessons" in node ? groupItem(node) : lessonItem(node);
  }

  async search(): Promise<void> {
    const query = await vscode.window.showInputBox({
      title: "Search the lessons",
      prompt: "Words that a lesson holds",
      value: this.query,
    });
    if (query !== undefined) {
      this.show(query.trim());
    }
  }

  /** Shows the lessons that hold these words; all of them if there are none. */
  show(query: string): void {
    this.query = query;
    void vscode.commands.executeCommand("setContext", "quickstudy.searching", query !== "");
    this.refresh();
  }

  async pin(lesson: Lesson, pinned: boolean): Promise<void> {
    await this.server.ask("pin", { lesson: lesson.id, uri: lesson.root, pinned });
    this.refresh();
  }

  async forget(lesson: Lesson): Promise<void> {
    const answer = await vscode.window.showWarningMessage(
      `Forget this lesson about ${plain(lesson.qualname)} for good?`,
      { modal: true, detail: plain(lesson.text) },
      "Forget",
    );
    if (answer === "Forget") {
      await this.server.ask("forget", { lesson: lesson.id, uri: lesson.root });
      this.refresh();
    }
  }

  async open(lesson: Lesson): Promise<void> {
    if (!lesson.uri) {
      throw new Problem(`The file ${lesson.path} is not there any more.`);
    }
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(lesson.uri));
    const line = lineOf(document.getText(), lesson.qualname);
    const selection = new vscode.Range(line, 0, line, 0);
    await vscode.window.showTextDocument(document, { selection });
  }

  dispose(): void {
    this.view.dispose();
    this.changes.dispose();
  }
}

/** A group for each outcome that there is. */
function grouped(lessons: readonly Lesson[]): Group[] {
  const words = new Map(lessons.map((each) => [each.outcome, each.words]));
  return [...words]
    .sort(([, a], [, b]) => a.place - b.place)
    .map(([outcome, words]) => {
      const among = lessons.filter((each) => each.outcome === outcome);
      return { outcome, words, lessons: ordered(among) };
    });
}

function ordered(lessons: Lesson[]): Lesson[] {
  return lessons.sort(
    (a, b) => Number(b.pinned) - Number(a.pinned) || (b.speedup ?? 0) - (a.speedup ?? 0) || b.id - a.id,
  );
}

function groupItem(group: Group): vscode.TreeItem {
  const item = new vscode.TreeItem(group.words.verdict, vscode.TreeItemCollapsibleState.Expanded);
  item.id = group.outcome;
  item.description = count(group.lessons.length, "lesson");
  item.iconPath = new vscode.ThemeIcon(ICONS[group.words.tone]);
  return item;
}

function lessonItem(lesson: Lesson): vscode.TreeItem {
  const gain = lesson.words.speedup && `${lesson.words.speedup} `;
  const item = new vscode.TreeItem(`${gain}${plain(lesson.qualname)}`);
  item.id = `${lesson.root}#${lesson.id}`;
  item.description = plain(lesson.text);
  item.tooltip = tooltip(lesson);
  item.contextValue = lesson.pinned ? "lesson.pinned" : "lesson";
  item.iconPath = new vscode.ThemeIcon(lesson.pinned ? "pinned" : "circle-small");
  item.command = { title: "Go to the function", command: "quickstudy.openLesson", arguments: [lesson] };
  return item;
}

/** Plain text, as a model wrote part of it. */
function tooltip(lesson: Lesson): string {
  const measured = lesson.words.interval;
  return [
    plain(lesson.text),
    "",
    `${lesson.words.verdict}${measured ? `: ${measured}` : ""}`,
    plain(`${lesson.qualname} in ${lesson.path}`),
    `by ${plain(lesson.agent)}, ${new Date(lesson.created).toLocaleDateString("en", { dateStyle: "long" })}`,
    `read ${count(lesson.uses, "time")} since${lesson.pinned ? "; pinned" : ""}`,
  ].join("\n");
}

const DEFINITION = /^\s*(?:async\s+def|def|class)\s+([\p{L}\p{N}_]+)/u;

/** The line of a dotted name's definition, each part looked for below the one before; 0 if it is gone. */
function lineOf(text: string, qualname: string): number {
  const lines = text.split(/\r\n|\r|\n/);
  let at = -1;
  for (const name of qualname.split(".")) {
    at = lines.findIndex((line, place) => place > at && DEFINITION.exec(line)?.[1] === name);
    if (at < 0) {
      return 0;
    }
  }
  return at;
}
