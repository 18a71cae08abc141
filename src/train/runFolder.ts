import { isDeepStrictEqual } from 'node:util';
import type { Lock } from '../disk/index.ts';
import { type Experiment, experimentSchema } from '../experiment/index.ts';
import { inputFault, RUN_VERSION, type RunRecord } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import { createRun, holdsRun, openRun, type Run } from '../store/index.ts';
import type { Preparation } from './preparation.ts';
import { sourceCommit } from './sourceCommit.ts';
import { versions } from './versions.ts';

export interface RunRequest {
  readonly folder: string;
  readonly baseDirectory: string;
  readonly resume: boolean;
  readonly stepsPerEpoch: number;
  readonly command?: string;
}

function recordOf(
  { experiment, data, model }: Preparation,
  backend: Backend,
  request: RunRequest,
): RunRecord {
  const weights = model.variables.filter(({ kind }) => kind === 'weight');
  return {
    version: RUN_VERSION,
    name: experiment.name,
    baseDirectory: request.baseDirectory,
    experiment: plain(experiment),
    seed: experiment.seed,
    backend: { kind: backend.kind, reason: backend.reason, threads: backend.threads },
    versions: { ...versions(), ...commitOf(request.baseDirectory) },
    dataHash: data.hash,
    layers: [...model.layers],
    parameters: weights.reduce((total, { initial }) => total + initial.length, 0),
    stepsPerEpoch: request.stepsPerEpoch,
    totalSteps: request.stepsPerEpoch * experiment.epochs,
    created: new Date().toISOString(),
    ...(request.command === undefined ? {} : { command: request.command }),
  };
}

/** Where the experiment file and what it belongs to are under version control. */
const commitOf = (folder: string): Record<string, string> => {
  const commit = sourceCommit(folder);
  return commit === null ? {} : { commit };
};

const plain = (experiment: Experiment): Record<string, unknown> =>
  JSON.parse(JSON.stringify(experiment)) as Record<string, unknown>;

/** The experiment of a record: an earlier version did not know every option, and had what is the default now. */
export const withDefaults = (experiment: Record<string, unknown>): Record<string, unknown> => {
  const parsed = experimentSchema.safeParse(experiment);
  return parsed.success ? plain(parsed.data) : experiment;
};

/** Refuses to continue a run with anything but what it was started with: the result would be neither. */
function checkSame(record: RunRecord, preparation: Preparation, backend: Backend, folder: string): void {
  const asked = plain(preparation.experiment);
  const begun = withDefaults(record.experiment);
  const keys = new Set([...Object.keys(begun), ...Object.keys(asked)]);
  const differing = [...keys].filter((key) => !isDeepStrictEqual(begun[key], asked[key]));
  if (differing.length > 0) {
    const fields = differing.map((key) => `/${key}`).join(', ');
    throw inputFault(
      `was started with another experiment (different: ${fields})`,
      folder,
      'Resume with the same file and seed, or train into another folder',
    );
  }
  if (record.dataHash !== preparation.data.hash) {
    throw inputFault(
      'was started on other data (its hash differs)',
      folder,
      'Restore the data, or train into another folder',
    );
  }
  if (record.backend.kind !== backend.kind) {
    throw inputFault(
      `was started on the ${record.backend.kind} backend, not on ${backend.kind}`,
      folder,
      `Choose the ${record.backend.kind} backend to resume it`,
    );
  }
}

/** Opens the run to continue, or creates it, under `lock`. Resuming creates it if there is none yet. */
export async function openRunFolder(
  preparation: Preparation,
  backend: Backend,
  request: RunRequest,
  lock: Lock,
): Promise<Run> {
  if (request.resume && (await holdsRun(request.folder))) {
    const run = await openRun(request.folder);
    checkSame(run.record, preparation, backend, request.folder);
    return run.under(lock);
  }
  return createRun(request.folder, recordOf(preparation, backend, request), lock);
}
