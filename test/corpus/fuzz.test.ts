import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { tried } from '../hostile/trial.ts';
import { fuzz, subjectOf } from './fuzzCase.ts';
import { type GoodFile, goodFiles } from './goodFiles.ts';
import { watchdog } from './watchdog.ts';

/**
 * Every good file of the corpus, damaged in many ways, is read or refused: with a one-line Fault that says where,
 * quickly, and with little memory. A case depends only on its file and its number. A failure names it:
 *
 *     FUZZ_CASE=pytorch/big.pt:123 npx vitest run test/corpus/fuzz.test.ts
 *
 * runs it alone. Each run covers one of the five parts of the cases, chosen by the seed of the tests
 * (structured.test.ts tests the same readers with more hostile inputs): FUZZ_TIMES=5 runs all parts, FUZZ_TIMES=50 ten
 * times as many cases.
 */
const PARTS = 5;
const CASES = 100;
/** HDF5 is read on a separate thread, started for each file. */
const CASES_HDF5 = 2;
const AT_LEAST = 4000;

/** Processor time of all threads together; the HDF5 library is stopped after half a minute. */
const MAX_CPU_SECONDS = 3;
const MAX_CPU_SECONDS_HDF5 = 35;
/** A case that blocks the thread for this much wall time is killed. */
const MAX_SECONDS = 600;
const MEBI = 2 ** 20;
/** What one case may still hold outside the heap when it ends, before garbage collection. */
const MAX_CASE_BYTES = 200 * MEBI;
/** Memory that all cases together may leave behind. */
const MAX_LEFT_BYTES = 48 * MEBI;

const only = process.env.FUZZ_CASE;
const times = Number(process.env.FUZZ_TIMES ?? 1);
const part = Number(process.env.PENTIMENTO_TEST_SEED || Date.now()) % PARTS;
if (only === undefined)
  console.log(`Damaged files: part ${part} of ${PARTS} (PENTIMENTO_TEST_SEED=${part}).`);

const files = goodFiles();
const isHdf5 = ({ format }: GoodFile) => /HDF5|Keras/.test(format);
const seedsOf = (file: GoodFile): number[] => {
  if (only === undefined) {
    const cases = isHdf5(file) ? CASES_HDF5 : CASES;
    const first = times >= PARTS ? 0 : part * cases;
    return Array.from({ length: cases * times }, (_, i) => first + i);
  }
  const [path, seed] = [only.slice(0, only.lastIndexOf(':')), only.slice(only.lastIndexOf(':') + 1)];
  return file.path === path ? [Number(seed)] : [];
};
const planned = files.map((file) => ({ file, seeds: seedsOf(file) })).filter(({ seeds }) => seeds.length > 0);

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const bytesHeld = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const dog = watchdog(MAX_SECONDS);
let first: number | undefined;

afterAll(() => dog.end());

describe('damaged files', () => {
  it.each(planned.map((plan) => [plan.file.path, plan] as const))(
    '%s',
    async (path, { file, seeds }) => {
      const subject = await subjectOf(file, files);
      first ??= bytesHeld();
      const cpuSeconds = isHdf5(file) ? MAX_CPU_SECONDS_HDF5 : MAX_CPU_SECONDS;
      const limits = { cpuSeconds, bytes: MAX_CASE_BYTES };
      const problems: string[] = [];
      for (const seed of seeds) {
        dog.begin(`${path}:${seed}`);
        const { problem } = await tried(() => fuzz(subject, seed), limits);
        if (problem !== null) problems.push(`FUZZ_CASE=${path}:${seed} ${problem}`);
      }
      expect(problems.length, problems.slice(0, 20).join('\n\n')).toBe(0);
    },
    3_600_000 * times,
  );

  it.skipIf(only !== undefined)(`are ${AT_LEAST} at least`, () => {
    expect(planned.reduce((sum, { seeds }) => sum + seeds.length, 0)).toBeGreaterThanOrEqual(AT_LEAST);
  });

  // Not a test: it would need all others before it, in whatever order they run.
  afterAll(() => {
    if (first !== undefined) expect(bytesHeld() - first, 'bytes left behind').toBeLessThan(MAX_LEFT_BYTES);
  });
});
