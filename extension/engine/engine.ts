import { type CancellationToken, type Disposable, EventEmitter, l10n } from 'vscode';
import { type EngineJob, type EngineJobs, type PauseParams, runFault } from '../../src/protocol/messages.ts';
import type { Log } from '../shown/log.ts';
import { EngineGone } from './engineGone.ts';
import type { EngineProcess } from './engineProcess.ts';

export interface JobOptions<Job extends EngineJob> {
  readonly token?: CancellationToken;
  readonly onProgress?: (value: EngineJobs[Job]['progress']) => void;
}

export interface EngineOptions {
  /** The engine's bundle. */
  readonly entry: string;
  readonly log: Log;
  /** How long it may be idle before it is stopped. */
  readonly idleMs: () => number;
  /** How long a cancelled job may take to end before the process is ended. */
  readonly cancelGraceMs?: number;
}

/** How often a job is retried after the process died. */
const RETRIES = 2;

/**
 * The engine as the host sees it: started when a job needs it, stopped when idle, and restarted when it dies. An
 * interrupted job is retried, a training from its last saved state, so nothing is lost.
 */
export class Engine implements Disposable {
  private process: EngineProcess | null = null;
  private jobs = 0;
  private idle: NodeJS.Timeout | undefined;
  private readonly crashed = new EventEmitter<{ readonly reason: string; readonly jobs: number }>();
  /** It died by itself. Running jobs are retried. */
  readonly onDidCrash = this.crashed.event;

  constructor(private readonly options: EngineOptions) {}

  /** Undefined while no process runs. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  /**
   * Runs a job in the engine. Throws the Fault that it reports; a run fault when it cannot start or keeps dying.
   * If it does not respond to a cancellation, the process is killed.
   */
  async run<Job extends EngineJob>(
    job: Job,
    params: EngineJobs[Job]['params'],
    { token, onProgress = () => {} }: JobOptions<Job> = {},
  ): Promise<EngineJobs[Job]['result']> {
    this.jobs++;
    clearTimeout(this.idle);
    const watch = this.watchCancellation(job, token);
    try {
      let asked = params;
      for (let attempt = 0; ; attempt++) {
        try {
          return await (await this.running()).request(job, asked, onProgress, token);
        } catch (error) {
          if (!(error instanceof EngineGone)) throw error;
          if (token?.isCancellationRequested || !error.started || attempt === RETRIES)
            throw this.faultOf(error, job);
          asked = again(job, asked);
        }
      }
    } finally {
      watch();
      this.jobs--;
      this.watchIdle();
    }
  }

  notify(what: 'pause' | 'continue', params: PauseParams): void {
    this.process?.notify(what, params);
  }

  dispose(): void {
    clearTimeout(this.idle);
    this.process?.stop();
    this.process = null;
    this.crashed.dispose();
  }

  private async running(): Promise<EngineProcess> {
    if (this.process !== null) return this.process;
    // Includes the connection's code, which is not needed for activation.
    const { EngineProcess } = await import('./engineProcess.ts');
    if (this.process !== null) return this.process;
    const process = new EngineProcess(this.options.entry, this.options.log, ({ reason, started }) => {
      if (this.process === process) this.process = null;
      if (started) this.crashed.fire({ reason, jobs: this.jobs });
    });
    this.process = process;
    return process;
  }

  private watchIdle(): void {
    clearTimeout(this.idle);
    if (this.jobs > 0) return;
    this.idle = setTimeout(() => {
      this.options.log.info('Engine: idle, stopping');
      this.process?.stop();
      this.process = null;
    }, this.options.idleMs());
    this.idle.unref();
  }

  /** Ends the process when a cancelled job does not end by itself; returns a function that stops watching. */
  private watchCancellation(job: EngineJob, token: CancellationToken | undefined): () => void {
    let timer: NodeJS.Timeout | undefined;
    const listener = token?.onCancellationRequested(() => {
      timer = setTimeout(() => {
        this.options.log.warn(`${job} does not end after it was cancelled: stopping the engine`);
        this.process?.stop();
        this.process = null;
      }, this.options.cancelGraceMs ?? 15_000);
    });
    return () => {
      clearTimeout(timer);
      listener?.dispose();
    };
  }

  private faultOf({ reason, started, lastWords }: EngineGone, job: EngineJob): Error {
    const said = lastWords === '' ? '' : `: ${lastWords}`;
    return started
      ? runFault(
          l10n.t('the engine stopped during a job ({0})', reason),
          job,
          l10n.t('Check the log and try again'),
        )
      : runFault(
          l10n.t('the engine cannot start ({0}{1})', reason, said),
          '',
          l10n.t('Check the log, and reinstall the extension if files are missing'),
        );
  }
}

/** The same job for a fresh process: a training continues from its saved state. */
const again = <Job extends EngineJob>(
  job: Job,
  params: EngineJobs[Job]['params'],
): EngineJobs[Job]['params'] => (job === 'train' ? { ...params, resume: true } : params);
