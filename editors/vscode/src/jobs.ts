/** The server's jobs as they were last told, and which of them a command is about. */
import * as vscode from "vscode";
import { Problem } from "./problem";
import type { Server } from "./server";
import { figure } from "./words";
import type { Job } from "./wire";

type States = readonly Job["state"][];

export class Jobs implements vscode.Disposable {
  /** Those that wait their turn, run, or wait for the user's word. */
  current: readonly Job[] = [];
  /** Those that this window has seen and that are over. */
  past: readonly Job[] = [];
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changes.event;
  private asking = false;
  private again = false;

  constructor(private readonly server: Server) {}

  /** Asks the server anew; many calls at once become one question, and one more. */
  async refresh(): Promise<void> {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    try {
      do {
        this.again = false;
        this.take(this.server.state === "running" ? await this.server.ask<Job[]>("jobs") : []);
      } while (this.again);
    } catch (error) {
      this.server.log.warn(String(error));
      this.take([]);
    } finally {
      this.asking = false;
    }
  }

  private take(jobs: readonly Job[]): void {
    const alive = new Set(jobs.map((job) => job.job));
    const known = [...this.current, ...this.past];
    this.past = known.filter((job) => !alive.has(job.job));
    this.current = jobs;
    this.changes.fire();
  }

  /** A server that was started anew knows no job of the one before. */
  forgetPast(): void {
    this.current = [];
    this.past = [];
  }

  get(id: string): Job | undefined {
    return [...this.current, ...this.past].find((job) => job.job === id);
  }

  of(states: States): readonly Job[] {
    return this.current.filter((job) => states.includes(job.state));
  }

  /** The job that was named, the only one there is, or the one that the user picks. */
  async choose(named: unknown, jobs: readonly Job[], none: string): Promise<string> {
    if (typeof named === "string") {
      return named;
    }
    const [only] = jobs;
    if (!only) {
      throw new Problem(none);
    }
    if (jobs.length === 1) {
      return only.job;
    }
    const picked = await vscode.window.showQuickPick(
      jobs.map((job) => ({ label: job.qualname, description: described(job), job: job.job })),
    );
    if (!picked) {
      throw new vscode.CancellationError();
    }
    return picked.job;
  }

  dispose(): void {
    this.changes.dispose();
  }
}

/** Where a job stands, in a few words. */
export function described(job: Job): string {
  switch (job.state) {
    case "queued":
      return "waits its turn";
    case "running":
      return job.said;
    case "offered":
      return `${figure(job.speedup ?? 1)} faster`;
  }
}
