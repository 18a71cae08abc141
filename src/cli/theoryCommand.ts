import { Fault, type TheoryQuestion } from '../protocol/index.ts';
import { theoryDocument } from '../theory/index.ts';
import type { Common } from './options.ts';
import { print } from './terminal.ts';
import { formatTheory } from './theoryText.ts';

export interface TheoryOptions extends Common {
  readonly strengths: number[];
  readonly noise: number[];
  readonly layers: number;
  readonly drop?: number[];
  readonly resample?: number[];
  readonly oneView: boolean;
  readonly weightDecay: number;
  readonly downstream?: number[];
}

/** What theory names in a fault; on the command line these are options (`--noise`). */
const OPTIONS = ['strengths', 'noise', 'layers', 'drop', 'resample', 'weight-decay', 'downstream'];

function documentOf(question: TheoryQuestion) {
  try {
    return theoryDocument(question);
  } catch (error) {
    if (!(error instanceof Fault) || !OPTIONS.includes(error.where)) throw error;
    throw new Fault(error.kind, error.what, `--${error.where}`, error.remedy, { cause: error });
  }
}

export async function theoryCommand({ json, oneView, downstream, ...asked }: TheoryOptions): Promise<void> {
  const { strengths, noise, layers, drop, resample, weightDecay } = asked;
  const document = documentOf({
    strengths,
    noise,
    layers,
    drop,
    resample,
    views: oneView ? 'first' : 'both',
    weightDecay,
    downstreamStrengths: downstream,
  });
  await print(
    json,
    () => document,
    () => formatTheory(document),
  );
}
