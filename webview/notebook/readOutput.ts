import type { OutputItem } from 'vscode-notebook-renderer';
import {
  ANALYSIS_DOCUMENT,
  type Analysis,
  type DocumentKind,
  parseDocument,
  tooLarge,
} from '../../src/protocol/index.ts';

const PLACE = 'Output of the cell';

/** An analysis as a program displays it: a mistake there is as likely as a damaged file. */
const DISPLAYED: DocumentKind<Analysis> = {
  ...ANALYSIS_DOCUMENT,
  remedy: 'Display the whole analysis.json of an inspection, or inspect again',
};

/** The analysis that a cell displays. Throws a located input fault when it is none, or too large. */
export const readOutput = (output: Pick<OutputItem, 'data' | 'text'>): Analysis => {
  const { limit, remedy } = DISPLAYED;
  const bytes = output.data().byteLength;
  // Before it becomes text, which takes as much memory again.
  if (bytes > limit) throw tooLarge(bytes, limit, PLACE, remedy);
  return parseDocument(DISPLAYED, output.text(), PLACE);
};
