import { availableParallelism } from 'node:os';
import { CancellationTokenSource, type Disposable } from 'vscode';
import type { CheckpointSpectrum, LayerSpectrum, LayerSpectrumParams } from '../../src/protocol/messages.ts';

/** One spectrum to measure. */
export interface SpectrumQuestion extends Pick<CheckpointSpectrum, 'checkpoint' | 'layer' | 'convolution'> {
  readonly method: LayerSpectrumParams['method'];
}

type Measure = (
  question: SpectrumQuestion,
  token: CancellationTokenSource['token'],
) => Promise<LayerSpectrum>;
type Answer = (question: SpectrumQuestion, spectrum: LayerSpectrum | null, error: unknown) => void;

const keyOf = ({ checkpoint, layer, convolution, method }: SpectrumQuestion): string =>
  JSON.stringify([checkpoint, layer, convolution, method]);

/**
 * Measures spectra in the requested order, as many at a time as there are cores. A new request replaces the
 * previous one; running measurements finish. Each question is asked once.
 */
export class SpectraQueue implements Disposable {
  private wanted: SpectrumQuestion[] = [];
  private asked = new Set<string>();
  private running = 0;
  private source = new CancellationTokenSource();

  constructor(
    private readonly measure: Measure,
    private readonly answer: Answer,
    private readonly parallel = availableParallelism(),
  ) {}

  want(questions: readonly SpectrumQuestion[]): void {
    this.wanted = questions.filter((question) => !this.asked.has(keyOf(question)));
    this.start();
  }

  /** Before all others. */
  wantFirst(question: SpectrumQuestion): void {
    this.want([question, ...this.wanted]);
  }

  /** Stops running measurements and forgets all requests, because the checkpoint has changed. */
  clear(): void {
    this.source.cancel();
    this.source.dispose();
    this.source = new CancellationTokenSource();
    this.wanted = [];
    this.asked = new Set();
  }

  dispose(): void {
    this.wanted = [];
    this.source.cancel();
    this.source.dispose();
  }

  private start(): void {
    while (this.running < this.parallel) {
      const question = this.wanted.shift();
      if (question === undefined) return;
      if (this.asked.has(keyOf(question))) continue;
      this.asked.add(keyOf(question));
      void this.run(question);
    }
  }

  private async run(question: SpectrumQuestion): Promise<void> {
    const { token } = this.source;
    this.running++;
    try {
      const spectrum = await this.measure(question, token);
      if (!token.isCancellationRequested) this.answer(question, spectrum, undefined);
    } catch (error) {
      if (!token.isCancellationRequested) this.answer(question, null, error);
    } finally {
      this.running--;
      this.start();
    }
  }
}
