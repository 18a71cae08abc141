import { readFile } from 'node:fs/promises';
import { inputFault, RECORDING_FRAMEWORKS, recordingCodeOf, shown } from '../protocol/index.ts';

const folder = import.meta.url.endsWith('.ts') ? '../../media/code/record/' : '../media/code/record/';

/**
 * Python that records activations with a framework in the layout of docs/recordings.md: of the layers that it finds, or of one alone.
 * @throws Fault (input) for a framework that there is no code for.
 */
export const recordingCode = async (framework: string, layer?: string): Promise<string> => {
  const names: readonly string[] = RECORDING_FRAMEWORKS.map(({ name }) => name);
  if (names.includes(framework)) {
    const code = await readFile(new URL(`${folder}${framework}.py`, import.meta.url), 'utf8');
    return layer === undefined ? code : recordingCodeOf(code, layer);
  }
  throw inputFault(
    `there is no code for ${shown(framework)}`,
    '--for',
    `Choose from ${[...names].sort().join(', ')}`,
  );
};
