import { type ChildProcess, fork } from 'node:child_process';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { CancellationToken } from 'vscode';
import {
  ConnectionError,
  createMessageConnection,
  ErrorCodes,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
  ResponseError,
} from 'vscode-jsonrpc/node';
import {
  type EngineJob,
  type EngineJobs,
  Fault,
  type FaultData,
  type PauseParams,
} from '../../src/protocol/messages.ts';
import type { Log } from '../shown/log.ts';
import { EngineGone } from './engineGone.ts';

/** How long a process may take to end before it is killed. */
const GRACE_MS = 5_000;

const isLostConnection = (error: unknown): boolean =>
  error instanceof ConnectionError ||
  (error instanceof ResponseError && error.code === ErrorCodes.PendingResponseRejected);

const reasonOf = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `exit code ${code}` : `killed by ${signal}`;

/** Removes what must not be inherited: a debugger or preloads meant for the editor's own process. */
const environment = (): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _, VSCODE_INSPECTOR_OPTIONS: __, ...rest } = process.env;
  return { ...rest, ELECTRON_RUN_AS_NODE: '1' };
};

/** One life of the engine: a forked child process and the connection to it. */
export class EngineProcess {
  private readonly child: ChildProcess;
  private readonly connection: MessageConnection;
  private readonly gone: Promise<never>;
  private readonly listeners = new Map<string, (value: unknown) => void>();
  private started = false;
  private lastWords = '';
  private requests = 0;
  /** Set when this side stopped it. */
  private stopped = false;

  /** `onEnd` is called with how it ended, unless it was stopped from here. */
  constructor(
    entry: string,
    private readonly log: Log,
    onEnd: (gone: EngineGone) => void,
  ) {
    this.child = fork(entry, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: environment(),
      execArgv: [],
    });
    log.info(`Engine ${this.child.pid ?? '(not started)'}: ${basename(entry)}`);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        // Node prints its version after the error that ended it, so an earlier error is kept.
        if (line.trim() !== '' && !/^\w*Error\b/.test(this.lastWords)) this.lastWords = line.trim();
        log.info(`[engine ${this.child.pid}] ${line}`);
      });
    }
    this.connection = createMessageConnection(
      new IPCMessageReader(this.child),
      new IPCMessageWriter(this.child),
    );
    this.connection.onUnhandledProgress(({ token, value }) => this.listeners.get(String(token))?.(value));
    this.connection.onNotification('ready', () => {
      this.started = true;
    });
    this.connection.onError(([error]) => log.error(`Engine connection: ${error.message}`));
    this.gone = new Promise((_, reject) => {
      const end = (reason: string): void => {
        const error = new EngineGone(reason, this.started, this.lastWords);
        log.info(`Engine ${this.child.pid ?? ''} ended: ${reason}`);
        reject(error);
        this.connection.dispose();
        if (!this.stopped) onEnd(error);
      };
      this.child.once('error', (error) => end(error.message));
      // 'close' is never emitted once this side has disconnected.
      this.child.once('exit', (code, signal) => end(reasonOf(code, signal)));
    });
    this.gone.catch(() => {});
    this.connection.listen();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Runs a job. Throws a Fault, an EngineGone when the process ends meanwhile, or the job's own error. */
  async request<Job extends EngineJob>(
    job: Job,
    params: EngineJobs[Job]['params'],
    onProgress: (value: EngineJobs[Job]['progress']) => void,
    token?: CancellationToken,
  ): Promise<EngineJobs[Job]['result']> {
    const id = String(++this.requests);
    this.listeners.set(id, (value) => onProgress(value as EngineJobs[Job]['progress']));
    const cancelled = token?.onCancellationRequested(() => this.log.info(`${job}: cancelling`));
    this.log.debug(`${job} ${JSON.stringify(params)}`);
    try {
      const request = { params, token: id };
      // An absent token must be omitted: passed as undefined it would count as a second parameter.
      const answer: Promise<EngineJobs[Job]['result']> =
        token === undefined
          ? this.connection.sendRequest(job, request)
          : this.connection.sendRequest(job, request, token as never);
      return await Promise.race([answer, this.gone]);
    } catch (error) {
      // A lost connection means that the process is gone or about to end, which is the better explanation.
      if (isLostConnection(error)) return await this.gone;
      throw this.translated(error);
    } finally {
      cancelled?.dispose();
      this.listeners.delete(id);
    }
  }

  notify(what: 'pause' | 'continue', params: PauseParams): void {
    void this.connection.sendNotification(what, params);
  }

  /** Waits for it to end by itself, then asks, then kills. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    this.connection.dispose();
    if (child.connected) child.disconnect();
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    child.once('exit', () => clearTimeout(kill));
  }

  private translated(error: unknown): unknown {
    if (!(error instanceof ResponseError)) return error;
    const data = error.data as (FaultData & { stack?: string }) | undefined;
    if (data?.kind !== undefined) return new Fault(data.kind, data.what, data.where, data.remedy);
    if (data?.stack !== undefined) this.log.error(data.stack);
    return error;
  }
}
