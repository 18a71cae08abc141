import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkExperiment, parseExperiment } from '../../src/experiment/index.ts';
import { oneOf } from '../corpus/random.ts';
import { checkFault, checkText, ensure } from './contract.ts';
import type { Generator } from './generator.ts';
import { hostileJson } from './jsonTexts.ts';
import { type Dice, worn } from './values.ts';

const FOLDER = 'examples';
let kept: readonly unknown[] | undefined;

const examples = (): readonly unknown[] => {
  kept ??= readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
  return kept;
};

const make = (random: Dice): string => {
  const text = hostileJson(oneOf(examples(), random), random, oneOf([8, 25, 60], random));
  return Buffer.from(worn(Buffer.from(text), random)).toString('utf8');
};

/** The place of a problem must exist in the text. */
const checkProblems = (text: string): void => {
  for (const { offset, line, column } of checkExperiment(text).problems) {
    ensure(offset >= 0 && offset <= text.length, `marks character ${offset} of ${text.length}`);
    ensure(line >= 1 && column >= 1, `marks line ${line}, column ${column}`);
  }
};

export const experiments: Generator = {
  name: 'experiment',
  cases: 1500,
  run: async (random) => {
    const text = make(random);
    checkProblems(text);
    try {
      checkText(JSON.stringify(parseExperiment(text, 'a.experiment.json')));
      return true;
    } catch (error) {
      checkFault(error);
      return false;
    }
  },
};
