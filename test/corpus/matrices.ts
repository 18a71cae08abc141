import { openCheckpoint } from '../../src/checkpoint/index.ts';
import { summarise } from '../../src/layers/index.ts';
import type { ConvolutionView } from '../../src/protocol/index.ts';
import type { Matrix } from '../../src/spectrum/index.ts';
import { readMatrices } from '../unit/layers/atOnce.ts';
import { CORPUS, goodFiles } from './goodFiles.ts';

export interface CorpusMatrix {
  /** `file: layer`, and the index of a slice. */
  readonly name: string;
  readonly matrix: Matrix;
}

const hasOnlyNumbers = ({ data }: Matrix): boolean => data.every(Number.isFinite);

/** Every matrix of every good file, as it is analysed, without those that contain NaN or infinities. */
export async function* corpusMatrices(convolution: ConvolutionView): AsyncGenerator<CorpusMatrix> {
  for (const { path } of goodFiles()) {
    const checkpoint = await openCheckpoint(`${CORPUS}/${path}`);
    try {
      const { layers } = await summarise(checkpoint, convolution);
      for (const { name } of layers) {
        const matrices = await readMatrices(checkpoint, name, convolution);
        for (const [i, matrix] of matrices.entries()) {
          if (hasOnlyNumbers(matrix)) yield { name: `${path}: ${name} ${i}`, matrix };
        }
      }
    } finally {
      await checkpoint.close();
    }
  }
}
