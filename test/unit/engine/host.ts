import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  type CancellationToken,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
  ProgressType,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { EngineJob, EngineJobs } from '../../../src/protocol/index.ts';

/** The built engine, used in the same way as by the extension host. */
const ENGINE = fileURLToPath(new URL('../../../dist/engine.js', import.meta.url));
const PROGRESS = new ProgressType<never>();

export interface JobWatch<Job extends EngineJob> {
  readonly token?: CancellationToken;
  readonly onEvent?: (event: EngineJobs[Job]['progress']) => void;
}

/** One life of the engine. Its output is collected in `said`. */
export class Host {
  readonly child: ChildProcess = fork(ENGINE, [], { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  /** Exit code and signal. Not 'close', which is never emitted after `disconnect` on this side. */
  readonly ended: Promise<unknown[]> = once(this.child, 'exit');
  readonly ready: Promise<void>;
  said = '';
  private readonly connection: MessageConnection;
  private requests = 0;

  constructor() {
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.said += text;
      });
    }
    this.connection = createMessageConnection(
      new IPCMessageReader(this.child),
      new IPCMessageWriter(this.child),
    );
    this.ready = new Promise((resolve) => void this.connection.onNotification('ready', () => resolve()));
    this.connection.listen();
  }

  async run<Job extends EngineJob>(
    job: Job,
    params: EngineJobs[Job]['params'],
    { token, onEvent = () => {} }: JobWatch<Job> = {},
  ): Promise<EngineJobs[Job]['result']> {
    const id = String(++this.requests);
    const listener = this.connection.onProgress(PROGRESS, id, onEvent);
    try {
      const request = { params, token: id };
      // An undefined token would be sent as a second parameter.
      return await (token === undefined
        ? this.connection.sendRequest(job, request)
        : this.connection.sendRequest(job, request, token));
    } finally {
      listener.dispose();
    }
  }

  /** The error that a job must end in. */
  async failure<Job extends EngineJob>(
    job: Job,
    params: EngineJobs[Job]['params'],
    watch?: JobWatch<Job>,
  ): Promise<ResponseError<Record<string, unknown>>> {
    const outcome: unknown = await this.run(job, params, watch).catch((error: unknown) => error);
    if (outcome instanceof ResponseError) return outcome;
    throw new Error(`expected an error, got ${JSON.stringify(outcome)}`);
  }

  notify(what: 'pause' | 'continue', folder: string): void {
    void this.connection.sendNotification(what, { folder });
  }

  async close(): Promise<void> {
    this.connection.dispose();
    if (this.child.connected) this.child.disconnect();
    await this.ended;
  }
}
