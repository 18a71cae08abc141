import { Fault } from '../protocol/index.ts';
import { theoryDocument } from '../theory/index.ts';
import type { Common } from './options.ts';
import { print } from './terminal.ts';
import { formatTheory } from './theoryText.ts';

export interface TheoryOptions extends Common {
  readonly strengths: number[];
  readonly noise: number[];
  readonly layers: number;
}

/** Theory names its arguments (`noise`); on the command line they are options (`--noise`). */
function documentOf(question: Pick<TheoryOptions, 'strengths' | 'noise' | 'layers'>) {
  try {
    return theoryDocument(question);
  } catch (error) {
    if (!(error instanceof Fault) || !(error.where in question)) throw error;
    throw new Fault(error.kind, error.what, `--${error.where}`, error.remedy, { cause: error });
  }
}

export async function theoryCommand({ json, strengths, noise, layers }: TheoryOptions): Promise<void> {
  const document = documentOf({ strengths, noise, layers });
  await print(
    json,
    () => document,
    () => formatTheory(document),
  );
}
