import { dirname } from 'node:path';
import type { RecordingSummary } from '../../protocol/index.ts';
import { conventional, isConventional } from './convention.ts';
import { laidOut } from './laidOut.ts';
import { RecordedFiles } from './recordedFiles.ts';

/**
 * What a recording holds, from its header alone: labels in files beside it are not looked for.
 * @throws Fault (input) for a file that is no recording, and for a layout that leaves something open.
 */
export const summariseRecording = async (path: string): Promise<RecordingSummary> => {
  const files = await RecordedFiles.of(path);
  try {
    const checkpoint = await files.open(files.names[0]);
    const isNamed = isConventional(checkpoint);
    const { layers, samples, labels } = isNamed
      ? conventional(files, checkpoint)
      : await laidOut(files, { labels: {} }, dirname(path));
    const dimensions = layers.map((layer) => layer.dimensions).sort((a, b) => a - b);
    return {
      layers: layers.length,
      samples,
      dimensions: [dimensions[0], dimensions[dimensions.length - 1]],
      labels,
      isConventional: isNamed,
    };
  } finally {
    await files.close();
  }
};
