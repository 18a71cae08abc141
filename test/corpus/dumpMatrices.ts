// Writes every matrix of the corpus for make_spectra.py, which says how to run it. The corpus test checks that these
// are the values that other programs wrote.
import { writeFileSync } from 'node:fs';
import { corpusMatrices } from './matrices.ts';

const lines: string[] = [];
for (const convolution of ['reshape', 'slices'] as const) {
  for await (const { name, matrix } of corpusMatrices(convolution)) {
    const { rows, columns, data } = matrix;
    lines.push(JSON.stringify({ name: `${convolution} ${name}`, rows, columns, data: [...data] }));
  }
}
writeFileSync(process.argv[2], `${lines.join('\n')}\n`);
