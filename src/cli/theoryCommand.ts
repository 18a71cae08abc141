import { formatTheory, theoryDocument } from '../theory/index.ts';
import type { Common } from './options.ts';
import { print } from './terminal.ts';

export interface TheoryOptions extends Common {
  readonly strengths: number[];
  readonly noise: number[];
  readonly layers: number;
}

export function theoryCommand({ json, strengths, noise, layers }: TheoryOptions): void {
  const document = theoryDocument({ strengths, noise, layers });
  print(json, document, () => formatTheory(document));
}
