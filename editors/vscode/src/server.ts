/** The server's life: found, started, restarted when it dies, asked; and one sentence when it cannot run. */
import { homedir } from "node:os";
import * as vscode from "vscode";
import {
  ExecuteCommandRequest,
  LanguageClient,
  State as ClientState,
  type Middleware,
  type StaticFeature,
} from "vscode-languageclient/node";
import { findServer } from "./find";
import { LOG, Problem, tell } from "./problem";
import { chosen } from "./settings";
import type { Job } from "./wire";

/** `restricted`: the folder is not trusted. `missing`: there is nothing to start, or it does not start. */
export type State = "restricted" | "starting" | "running" | "missing";

const RESTRICTED = new Problem("Quickstudy runs nothing in a folder that you do not trust.", [
  { title: "Manage Trust", command: "workbench.trust.manage" },
]);

/** What the rest of the extension does when the server speaks. */
export interface Hooks {
  /** Something about a job, an offer or a lesson may be new. */
  changed(): void;
  /** Shows the offer of a job in the diff editor. */
  diff(job: string): Promise<void>;
  /** A document has a new text, and the server has been sent it. */
  edited(document: vscode.Uri): void;
}

export class Server implements vscode.Disposable {
  readonly log = vscode.window.createOutputChannel("Quickstudy", { log: true });
  private readonly changes = new vscode.EventEmitter<State>();
  readonly onDidChangeState = this.changes.event;
  private client: LanguageClient | undefined;
  private problem: Error = RESTRICTED;
  private current: State = "restricted";

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly hooks: Hooks,
  ) {}

  get state(): State {
    return this.current;
  }

  /** Why it does not run. */
  get reason(): string {
    return this.problem.message;
  }

  /** Starts it, if the folder is trusted. What is wrong is told, and kept for those who ask later. */
  async start(): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      this.become("restricted");
      return;
    }
    this.become("starting");
    try {
      const command = await findServer(this.context);
      this.client = this.create(command);
      this.client.onDidChangeState(({ newState }) => this.follow(newState));
      await this.client.start();
    } catch (error) {
      this.client = undefined;
      this.problem =
        error instanceof Problem ? error : new Problem("Quickstudy's server does not start.", [LOG]);
      this.log.error(String(error));
      this.become("missing");
      void tell(this.problem);
    }
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client?.isRunning()) {
      await client.stop();
    }
  }

  /** Runs a command of the server, once it has started. Throws Problem with the server's own sentence. */
  async ask<Answer>(command: string, argument?: object): Promise<Answer> {
    await this.settled();
    if (!this.client?.isRunning()) {
      throw this.problem;
    }
    try {
      const params = { command: `quickstudy.${command}`, arguments: argument ? [argument] : [] };
      return (await this.client.sendRequest(ExecuteCommandRequest.type, params)) as Answer;
    } catch (error) {
      throw new Problem(error instanceof Error ? error.message : String(error));
    }
  }

  /** Resolves when it is known whether the server runs. */
  private settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.current !== "starting") {
        resolve();
        return;
      }
      const listener = this.onDidChangeState((state) => {
        if (state !== "starting") {
          listener.dispose();
          resolve();
        }
      });
    });
  }

  private create(command: string): LanguageClient {
    const client = new LanguageClient(
      "quickstudy",
      "Quickstudy",
      // A PYTHONPATH of the project would make the server import the project's files.
      { command, options: { cwd: homedir(), env: { ...process.env, PYTHONPATH: "" } } },
      {
        documentSelector: [
          { language: "python", scheme: "file" },
          { language: "python", scheme: "untitled" },
        ],
        outputChannel: this.log,
        initializationOptions: { commandLinks: true },
        markdown: { isTrusted: { enabledCommands: LINKS } },
        initializationFailedHandler: () => false,
        middleware: this.middleware(),
      },
    );
    client.registerFeature(ASKED_ONCE);
    return client;
  }

  private middleware(): Middleware {
    const { hooks } = this;
    return {
      didChange: async (change, next) => {
        await next(change);
        hooks.edited(change.document.uri);
      },
      workspace: {
        configuration: ({ items }) =>
          items.map((item) =>
            chosen(this.context, item.scopeUri === undefined ? undefined : vscode.Uri.parse(item.scopeUri)),
          ),
      },
      window: {
        showDocument: async (params, token, next) => {
          const offered = (await this.ask<Job[]>("jobs")).find((job) => job.page === params.uri);
          if (!offered) {
            return next(params, token);
          }
          await hooks.diff(offered.job); // which is better than the server's page
          return { success: true };
        },
      },
      executeCommand: async (name, args, next) => {
        try {
          return (await next(name, args)) as unknown;
        } catch (error) {
          void tell(error);
          return undefined;
        } finally {
          hooks.changed();
        }
      },
      handleWorkDoneProgress: (token, params, next) => {
        next(token, params);
        hooks.changed();
      },
      handleDiagnostics: (uri, diagnostics, next) => {
        next(uri, diagnostics);
        hooks.changed();
      },
    };
  }

  private follow(state: ClientState): void {
    if (state === ClientState.Running) {
      this.become("running");
    } else if (state === ClientState.Starting) {
      this.become("starting");
    } else if (this.client) {
      this.problem = new Problem("Quickstudy's server has ended.", [
        { title: "Restart It", command: "quickstudy.restart" },
        LOG,
      ]);
      this.become("missing");
    }
  }

  private become(state: State): void {
    this.current = state;
    void vscode.commands.executeCommand("setContext", "quickstudy.state", state);
    this.changes.fire(state);
  }

  async dispose(): Promise<void> {
    await this.stop();
    this.changes.dispose();
    this.log.dispose();
  }
}

/** What a link in a hover may do; the server writes these links, and escapes what a model wrote. */
const LINKS = ["quickstudy.pin", "quickstudy.forget"];

/** Who says Apply has seen the diff, or can: VS Code's own preview would only ask a second time. */
const ASKED_ONCE: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    delete capabilities.workspace?.workspaceEdit?.changeAnnotationSupport;
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};
