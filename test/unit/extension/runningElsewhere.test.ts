import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { whileLocked } from '../../../src/disk/index.ts';
import type { RunRecord } from '../../../src/protocol/index.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

vi.mock('vscode', () => ({
  EventEmitter: class {},
  FileType: {},
  l10n: { t: String },
  MarkdownString: class {
    appendText() {}
  },
  ThemeColor: class {},
  ThemeIcon: class {
    constructor(readonly id: string) {}
  },
  TreeItem: class {},
  TreeItemCollapsibleState: {},
  Uri: class {},
  window: {},
  workspace: { getConfiguration: () => ({}) },
}));
const { isResumable, trainerOf } = await import('../../../extension/runs/runLibrary.ts');
const { runItem } = await import('../../../extension/views/runItems.ts');
const { resume } = await import('../../../extension/commands/resume.ts');
const { deleteRun, duplicateRun, renameRun } = await import('../../../extension/commands/runFolder.ts');

const folder = join(scratchFolder(), 'run');
mkdirSync(folder);
const uri = { scheme: 'file', fsPath: folder, path: folder, toString: () => folder } as Uri;
const record = {
  name: 'run',
  created: '',
  seed: 1,
  parameters: 1,
  layers: [],
  stepsPerEpoch: 1,
  totalSteps: 2,
};
const entry = async () => ({
  uri,
  name: 'run',
  record: record as unknown as RunRecord,
  inspection: null,
  fault: null,
  states: ['last'],
  analysed: [],
  selections: [],
  note: '',
  lastMetric: null,
  trainedBy: await trainerOf(uri),
});

/** The contexts for which the manifest offers Resume. */
const offered = (contextValue: string | undefined): boolean => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
  const items: { command: string; when: string }[] = contributes.menus['view/item/context'];
  const patterns = items
    .filter(({ command }) => command === 'pentimento.resume')
    .map(({ when }) => new RegExp(/viewItem =~ \/(.*?)\/ /.exec(when)![1]));
  expect(patterns.length).toBeGreaterThan(0);
  return patterns.some((pattern) => pattern.test(contextValue ?? ''));
};

it('a run that another process trains is neither resumed nor moved, copied or deleted, nor offered for it', async () => {
  const services = {
    trainings: { trains: () => false },
    runs: { read: entry, all: async () => [await entry()] },
  };
  await whileLocked(folder, 'train', async () => {
    const run = await entry();
    expect(run.trainedBy?.pid).toBe(process.pid);
    expect(isResumable(run)).toBe(false);
    const { contextValue } = runItem(run, true, false);
    expect([contextValue, offered(contextValue)]).toEqual(['run.running.raw', false]);
    const argument = { kind: 'run', run, first: true } as const;
    for (const command of [resume, deleteRun, duplicateRun, renameRun]) {
      const fault = await faultOf(command(services as never)(argument));
      expect(fault.what).toContain(`is being trained by process ${process.pid} on `);
    }
  });
  const run = await entry();
  expect([run.trainedBy, isResumable(run)]).toEqual([null, true]);
  expect(offered(runItem(run, true, false).contextValue)).toBe(true);
});

it('a run that ended before it saved a state is not offered for resuming', async () => {
  const run = { ...(await entry()), states: [] };
  expect(isResumable(run)).toBe(false);
  const { contextValue } = runItem(run, true, false);
  expect([contextValue, offered(contextValue)]).toEqual(['run.empty.raw', false]);
});
