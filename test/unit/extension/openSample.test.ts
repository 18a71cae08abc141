import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { presets } from '../../../src/experiment/index.ts';
import { exportLayer } from '../../../src/handover/exportLayer.ts';
import { openTrainedRun } from '../../../src/train/index.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';
import { uri } from './diskInVscode.ts';

const opened: unknown[] = [];
let workspaceFolders: unknown[] | undefined;
vi.mock('vscode', async () => {
  const disk = await import('./diskInVscode.ts');
  return {
    EventEmitter: class {},
    FileSystemError: class extends Error {},
    FileType: {},
    commands: { executeCommand: async (...args: unknown[]) => void opened.push(args) },
    Uri: disk.Uri,
    workspace: {
      ...disk.workspace,
      get workspaceFolders() {
        return workspaceFolders;
      },
    },
  };
});
const { openSample } = await import('../../../extension/commands/openSample.ts');

let storage: string;
const open = () =>
  openSample({ context: { globalStorageUri: uri(storage), extensionUri: uri(resolve('.')) } } as never)();

beforeEach(() => {
  storage = scratchFolder();
  opened.length = 0;
  workspaceFolders = undefined;
});

describe('Open Sample', () => {
  it('opens a folder with every preset, a run, and its figures', async () => {
    await open();
    const folder = join(storage, 'pentimento-sample');
    const files = readdirSync(folder).filter((name) => name.endsWith('.experiment.json'));
    expect(files.sort()).toEqual(
      presets()
        .map(({ name }) => `${name}.experiment.json`)
        .sort(),
    );
    const { panels } = JSON.parse(readFileSync(join(folder, '.pentimento', 'show.json'), 'utf8'));
    expect(panels).toContainEqual({ page: 'probes', run: 'demo' });
    expect(opened).toEqual([
      ['vscode.openFolder', expect.objectContaining({ path: folder }), { forceNewWindow: false }],
    ]);
    expect(readdirSync(storage)).toEqual(['pentimento-sample']);
  });

  it('keeps what the user changed, and the window of other work', async () => {
    await open();
    const file = join(storage, 'pentimento-sample', 'demo.experiment.json');
    writeFileSync(file, '{}');
    workspaceFolders = [{}];
    await open();
    expect(readFileSync(file, 'utf8')).toBe('{}');
    expect(opened[1]).toEqual(['vscode.openFolder', expect.anything(), { forceNewWindow: true }]);
  });

  it('begins again after an interruption', async () => {
    mkdirSync(join(storage, 'pentimento-sample.partial', 'left'), { recursive: true });
    await open();
    expect(readdirSync(storage)).toEqual(['pentimento-sample']);
    expect(existsSync(join(storage, 'pentimento-sample', 'left'))).toBe(false);
  });
});

describe('the run in the sample', () => {
  const folder = resolve('media/sample/demo');

  it('is on the images that come with the program, and its layers can be exported', async () => {
    const trained = await openTrainedRun(folder);
    const { model, dimensions } = await exportLayer(trained, 'encoder.pool');
    expect([model.length > 0, dimensions]).toEqual([
      true,
      trained.run.record.layers.find(({ name }) => name === 'encoder.pool')!.shape.at(-1),
    ]);
  });

  it('was inspected at the end and after the first epoch, which Compare Runs needs', async () => {
    const { run } = await openTrainedRun(folder);
    const [first, last] = [await run.readAnalysis('epoch-0001'), await run.readAnalysis('last')];
    expect([first.epoch, last.epoch]).toEqual([1, run.record.totalSteps / run.record.stepsPerEpoch]);
    expect(last.layers.every(({ probes }) => probes.length > 0)).toBe(true);
  });

  it('has no path of the machine that trained it', () => {
    const record = readFileSync(join(folder, 'run.json'), 'utf8');
    expect(JSON.parse(record).baseDirectory).toBe('.');
    expect(record).not.toMatch(/\/(?:home|root|tmp|work|Users)\//);
  });
});
