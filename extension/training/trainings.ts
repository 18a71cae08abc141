import { CancellationTokenSource, commands, type Disposable, EventEmitter, Uri } from 'vscode';
import type {
  LiveTraining,
  Metric,
  TrainEvent,
  TrainParams,
  TrainResult,
} from '../../src/protocol/messages.ts';
import type { Engine } from '../engine/engine.ts';
import { stateLabel } from '../runs/stateLabel.ts';

/** The training that runs now, or ran last: what the live view, the status bar and the commands follow. */
export class Trainings implements Disposable {
  private live: LiveTraining | null = null;
  private lines: Metric[] = [];
  private source: CancellationTokenSource | null = null;
  private folder = '';
  private readonly changed = new EventEmitter<LiveTraining | null>();
  private readonly measured = new EventEmitter<readonly Metric[]>();
  readonly onDidChange = this.changed.event;
  /** New lines of metrics; after a resumption all lines are sent again, from `metrics`. */
  readonly onDidMeasure = this.measured.event;
  private readonly crashes: Disposable;

  constructor(private readonly engine: Engine) {
    // An interrupted training is retried: it begins again from its last saved state.
    this.crashes = engine.onDidCrash(() => this.isRunning && this.set({ state: 'preparing' }));
  }

  get current(): LiveTraining | null {
    return this.live;
  }

  get metrics(): readonly Metric[] {
    return this.lines;
  }

  get isRunning(): boolean {
    return this.source !== null;
  }

  /** Whether this run is being trained now. */
  trains(run: Uri): boolean {
    return this.isRunning && this.live?.run === run.toString();
  }

  /** Trains in the engine until it is finished or cancelled. Throws the fault of a training that failed. */
  async run(params: TrainParams, name: string, earlier: readonly Metric[]): Promise<TrainResult> {
    this.source = new CancellationTokenSource();
    this.folder = params.folder;
    this.lines = [...earlier];
    this.live = {
      run: Uri.file(params.folder).toString(),
      name,
      state: 'preparing',
      failure: null,
      backend: '',
      epochs: 0,
      step: 0,
      totalSteps: 0,
      samplesPerSecond: null,
      secondsLeft: null,
      inspected: [],
    };
    this.set({});
    const pace = new Pace();
    try {
      const result = await this.engine.run('train', params, {
        token: this.source.token,
        onProgress: (event) => this.follow(event, pace),
      });
      this.end(result.outcome);
      return result;
    } catch (error) {
      this.end('failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  pause(): void {
    this.engine.notify('pause', { folder: this.folder });
  }

  continue(): void {
    this.engine.notify('continue', { folder: this.folder });
  }

  cancel(): void {
    if (this.source === null) return;
    this.set({ state: 'cancelling' });
    this.source.cancel();
  }

  dispose(): void {
    this.source?.cancel();
    this.crashes.dispose();
    this.changed.dispose();
    this.measured.dispose();
  }

  private follow(event: TrainEvent, pace: Pace): void {
    const cancelling = this.live?.state === 'cancelling';
    const state = (running: LiveTraining['state']) => (cancelling ? {} : { state: running });
    switch (event.kind) {
      case 'begun': {
        const { record, backend, fromStep } = event;
        this.lines = this.lines.filter(({ step }) => step <= fromStep);
        pace.begin(fromStep, record.totalSteps);
        this.set({
          ...state('running'),
          backend,
          epochs: Math.round(record.totalSteps / record.stepsPerEpoch),
          step: fromStep,
          totalSteps: record.totalSteps,
        });
        this.measured.fire(this.lines);
        return;
      }
      case 'metric':
        this.lines.push(event.metric);
        this.measured.fire([event.metric]);
        this.set({
          ...state('running'),
          step: event.metric.step,
          samplesPerSecond: event.samplesPerSecond,
          secondsLeft: pace.left(event.metric.step),
        });
        return;
      case 'inspecting':
        this.set(state('inspecting'));
        return;
      case 'inspected': {
        const newest = { state: event.state, label: stateLabel(event.state) };
        const others = (this.live?.inspected ?? []).filter((one) => one.state !== newest.state);
        this.set({ ...state('running'), inspected: [...others, newest] });
        return;
      }
      case 'paused':
        pace.hold();
        this.set(state('paused'));
        return;
      case 'continued':
        pace.goOn();
        this.set(state('running'));
    }
  }

  private end(state: 'finished' | 'cancelled' | 'failed', failure: string | null = null): void {
    this.source?.dispose();
    this.source = null;
    this.set({ state, failure, secondsLeft: null });
  }

  private set(change: Partial<LiveTraining>): void {
    if (this.live !== null) this.live = { ...this.live, ...change };
    const state = this.source === null ? '' : this.live?.state === 'paused' ? 'paused' : 'running';
    void commands.executeCommand('setContext', 'pentimento.training', state);
    this.changed.fire(this.live);
  }
}

/** Time left at the mean speed so far, excluding pauses; inspections count, because more will follow. */
class Pace {
  private from = 0;
  private total = 0;
  private spent = 0;
  private since = performance.now();

  begin(from: number, total: number): void {
    [this.from, this.total, this.spent, this.since] = [from, total, 0, performance.now()];
  }

  hold(): void {
    this.spent += performance.now() - this.since;
  }

  goOn(): void {
    this.since = performance.now();
  }

  /** Seconds; null before the first step. */
  left(step: number): number | null {
    if (step <= this.from) return null;
    const seconds = (this.spent + performance.now() - this.since) / 1000;
    return (seconds / (step - this.from)) * (this.total - step);
  }
}
