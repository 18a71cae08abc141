// What `npm run fuzz` runs: structured hostile inputs, one after the other, until the time is up.
import { parseArgs } from 'node:util';
import { watchdog } from '../corpus/watchdog.ts';
import type { Generator } from './generator.ts';
import { GENERATORS, hostileCase, isPolluted } from './generators.ts';

interface Tally {
  cases: number;
  opened: number;
  problems: number;
  slowest: { seconds: number; seed: number };
  largest: { bytes: number; seed: number };
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    cases: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    only: { type: 'string' },
  },
});

const end =
  values.cases === undefined ? Date.now() + Number(values.minutes) * 60_000 : Number.POSITIVE_INFINITY;
const most = values.cases === undefined ? Number.POSITIVE_INFINITY : Number(values.cases);
const generators = GENERATORS.filter(({ name }) => values.only === undefined || values.only === name);
const tallies = new Map(
  generators.map(({ name }) => [
    name,
    {
      cases: 0,
      opened: 0,
      problems: 0,
      slowest: { seconds: 0, seed: 0 },
      largest: { bytes: 0, seed: 0 },
    } as Tally,
  ]),
);
const dog = watchdog(120);

const tryCase = async (generator: Generator, seed: number): Promise<void> => {
  const { name } = generator;
  dog.begin(`HOSTILE_CASE=${name}:${seed}`);
  const { problem, opened, cpuSeconds, bytes } = await hostileCase(generator, seed);
  const tally = tallies.get(name) as Tally;
  tally.cases++;
  if (opened) tally.opened++;
  if (cpuSeconds > tally.slowest.seconds) tally.slowest = { seconds: cpuSeconds, seed };
  if (bytes > tally.largest.bytes) tally.largest = { bytes, seed };
  const found = problem ?? (isPolluted() ? 'changes the prototype of every object' : null);
  if (found === null) return;
  tally.problems++;
  console.log(`HOSTILE_CASE=${name}:${seed} npx vitest run test/hostile/structured.test.ts\n${found}\n`);
};

/** Generators take turns, in the same proportion as in the tests. */
const smallest = Math.min(...generators.map(({ cases }) => cases));
const round = generators.flatMap((generator) =>
  Array.from({ length: Math.max(1, Math.round(generator.cases / smallest)) }, () => generator),
);

console.log(`Seeds from ${values.seed} on.`);
let isStopped = false;
process.once('SIGINT', () => {
  isStopped = true;
});
let tried = 0;
for (let seed = Number(values.seed); tried < most && Date.now() < end && !isStopped; seed++) {
  await tryCase(round[tried % round.length], seed);
  tried++;
}

let problems = 0;
for (const [name, tally] of tallies) {
  const { cases, opened, slowest, largest } = tally;
  problems += tally.problems;
  console.log(
    `${name}: ${cases} cases, ${opened} opened, ${cases - opened - tally.problems} refused, ${tally.problems} broken; ` +
      `slowest ${slowest.seconds.toFixed(2)} s (${name}:${slowest.seed}), largest ${Math.round(largest.bytes / 1e6)} MB (${name}:${largest.seed})`,
  );
}
const peak = Math.round(process.resourceUsage().maxRSS / 1000);
console.log(`${tried} cases, ${problems} broken; the process took ${peak} MB at most.`);
await dog.end();
process.exit(problems === 0 ? 0 : 1);
