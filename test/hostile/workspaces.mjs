// Folders from an attacker: every name and every document in them tries to act on the editor.
import { mkdir, mkdtemp, open, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A link that runs a command where VS Code turns text into links. */
export const LINK = '[click](command:workbench.action.terminal.new)';
/** The link, an icon, a change of direction, and an escape sequence that sets the window's title. */
const ACTING = `${LINK} $(trash) \u202egnp.x\u202c \u001b]0;owned\u0007 https://owned.example`;

const MEGABYTE = 1024 ** 2;

const record = (layers) => ({
  version: 1,
  name: ACTING,
  baseDirectory: '/',
  experiment: { name: ACTING, [ACTING]: ACTING },
  seed: 1,
  backend: { kind: ACTING, reason: ACTING, threads: 1 },
  versions: { [ACTING]: ACTING },
  dataHash: ACTING,
  layers: layers.map((name) => ({ name, part: 'encoder', shape: [4] })),
  parameters: 10,
  stepsPerEpoch: 1,
  totalSteps: 3,
  created: '2026-01-01T00:00:00.000Z',
});

const score = { accuracy: 0.5, interval: [0.4, 0.6], samples: 100 };

const layerOf = (name) => ({
  name,
  part: 'encoder',
  role: 'inner',
  dimensions: 4,
  samples: 100,
  pooling: ACTING,
  singularValues: [4, 3, 2, 1],
  centredSingularValues: [4, 3, 2, 1],
  measures: { effectiveRank: { value: 3.2, note: ACTING } },
  featureWeights: [{ feature: ACTING, weight: 1, absent: false, source: 'factor' }],
  inequality: { effectiveNumber: { value: 1 }, gini: { value: 0 } },
  viewCorrelation: [],
  probes: [
    {
      task: ACTING,
      factor: ACTING,
      classes: 2,
      method: 'logistic-standardised',
      trainSamples: 100,
      evaluations: [{ ...score, on: 'test', groups: [], worstGroup: null, trainWeightedAccuracy: null }],
      shuffledNull: score,
      note: ACTING,
    },
  ],
});

const analysisOf = (layers) => ({
  version: 1,
  experiment: ACTING,
  seed: 1,
  epoch: 3,
  step: 3,
  backend: ACTING,
  dataHash: ACTING,
  samples: { train: 100, test: 100 },
  definitions: { effectiveRank: ACTING },
  layers: layers.map(layerOf),
  similarity: { samples: 0, cka: layers.map(() => layers.map(() => 1)) },
  absent: { threshold: ACTING, byLayer: {} },
  theory: null,
});

const recommendationsOf = ([layer]) => {
  const candidate = { layer, accuracy: 0.5, interval: [0.4, 0.6], standardError: 0.1, samples: 100 };
  return {
    step: 3,
    recommendations: [
      {
        task: ACTING,
        method: ACTING,
        on: 'test',
        criterion: 'accuracy',
        verdict: 'clear',
        recommended: candidate,
        runnerUp: candidate,
        best: candidate,
        ranking: [candidate],
        reason: ACTING,
      },
    ],
  };
};

const METRICS = [1, 2, 3].map((step) => ({ step, epoch: step, loss: 1 / step, learningRate: 0.1 }));
const linesOf = (metrics) => metrics.map((metric) => `${JSON.stringify(metric)}\n`).join('');

/** A safetensors file of matrices with these names; `extra` goes into its header. */
const safetensors = (names, extra = {}) => {
  const size = 8 * 8 * 4;
  const entries = names.map((name, index) => [
    name,
    { dtype: 'F32', shape: [8, 8], data_offsets: [index * size, (index + 1) * size] },
  ]);
  const header = Buffer.from(JSON.stringify({ ...Object.fromEntries(entries), ...extra }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const values = Float32Array.from({ length: names.length * 64 }, (_, index) => Math.sin(index + 1));
  return Buffer.concat([length, header, Buffer.from(values.buffer)]);
};

const json = (value) => JSON.stringify(value, null, 2);

/** Writes files, by their paths under `folder`. */
async function fill(folder, files) {
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split('/');
    await mkdir(join(folder, ...parts.slice(0, -1)), { recursive: true });
    await writeFile(join(folder, ...parts), content);
  }
}

/** A readable run in which every text tries to act; two of its layers have the same name. */
const soundRun = (name, layers) => ({
  [`.pentimento/runs/${name}/run.json`]: json(record(layers)),
  [`.pentimento/runs/${name}/analysis.json`]: json(analysisOf(layers)),
  [`.pentimento/runs/${name}/recommendations.json`]: json(recommendationsOf(layers)),
  [`.pentimento/runs/${name}/metrics.jsonl`]: linesOf(METRICS),
  [`.pentimento/runs/${name}/checkpoints/last.safetensors`]: safetensors(layers.slice(0, 1)),
  [`.pentimento/runs/${name}/selection.json`]: json({
    layer: layers[0],
    task: ACTING,
    chosenAt: '2026-01-01T00:00:00.000Z',
  }),
});

/** Names, documents and faults that quote them: nothing here may become a link, an icon or a hidden character. */
async function linksIn(folder) {
  const layers = [`first ${LINK}`, `second ${ACTING}`, 'twin', 'twin'];
  await fill(folder, {
    '.pentimento/show.json': json({ panels: [], [ACTING]: 1 }),
    ...soundRun(LINK, layers),
    ...soundRun('$(trash) \u202enur', layers),
    [`.pentimento/runs/key ${LINK}/run.json`]: json({ ...record(layers), [ACTING]: 1 }),
    [`.pentimento/runs/text ${LINK}/run.json`]: ACTING,
    ...soundRun('analysis', layers),
    '.pentimento/runs/analysis/analysis.json': json({ ...analysisOf(layers), [ACTING]: 1 }),
    [`${LINK}.experiment.json`]: json({ name: ACTING, [ACTING]: 1, data: { kind: ACTING } }),
    [`models/${LINK}.safetensors`]: safetensors([`${LINK}.weight`, '$(trash).weight', `${ACTING}.weight`]),
    'models/$(trash) \u202egnp.safetensors': safetensors(['layer.weight']),
    'models/damaged.safetensors': safetensors([], {
      [ACTING]: { dtype: ACTING, shape: [1], data_offsets: [0, 4] },
    }),
    'models/use.py': `load_file('${LINK}.safetensors')\n`,
  });
}

/** Empty lines, which cost the reader more than the file's size. */
async function blankLines(path, bytes) {
  const file = await open(path, 'w');
  try {
    const lines = Buffer.alloc(MEGABYTE, '\n');
    for (let written = 0; written < bytes; written += lines.length) await file.write(lines);
  } finally {
    await file.close();
  }
}

/** A file that claims to be large, but takes no disk space. */
async function hollow(path, bytes) {
  const file = await open(path, 'w');
  try {
    await file.truncate(bytes);
  } finally {
    await file.close();
  }
}

/** Documents that are too large, too deep, or endless. */
async function largeIn(folder) {
  await fill(folder, {
    ...soundRun('blank', ['a', 'b']),
    ...soundRun('hollow', ['a', 'b']),
    ...soundRun('line', ['a', 'b']),
    ...soundRun('endless', ['a', 'b']),
    '.pentimento/runs/line/metrics.jsonl': ' '.repeat(8 * MEGABYTE),
    '.pentimento/runs/deep/run.json': '['.repeat(MEGABYTE),
    '.pentimento/runs/closed/run.json': `{"version":${'['.repeat(MEGABYTE / 4)}${']'.repeat(MEGABYTE / 4)}}`,
    '.pentimento/runs/device/metrics.jsonl': '',
    '.pentimento/show.json': ' '.repeat(MEGABYTE),
  });
  const runs = join(folder, '.pentimento', 'runs');
  await blankLines(join(runs, 'blank', 'metrics.jsonl'), 64 * MEGABYTE);
  await hollow(join(runs, 'hollow', 'metrics.jsonl'), 472 * MEGABYTE);
  await hollow(join(runs, 'hollow', 'analysis.json'), 472 * MEGABYTE);
  if (process.platform !== 'win32') await symlink('/dev/zero', join(runs, 'device', 'run.json'));
}

const asksFor = (...runs) => json({ panels: runs.map((run) => ({ page: 'spectra', run })) });

/** Requests a run outside the folder: by its path, or through a link. */
async function outsideIn(folder) {
  const away = join(folder, 'away');
  const inside = join(folder, 'folder');
  await fill(away, soundRun('outside', ['a', 'b']));
  await fill(inside, { '.pentimento/show.json': asksFor('../../../away/.pentimento/runs/outside') });
  return inside;
}

async function linkedIn(folder) {
  const inside = join(folder, 'folder');
  await fill(inside, { '.pentimento/show.json': asksFor('linked'), '.pentimento/runs/.keep': '' });
  await fill(join(folder, 'away'), soundRun('outside', ['a', 'b']));
  const outside = join(folder, 'away', '.pentimento', 'runs', 'outside');
  await symlink(outside, join(inside, '.pentimento', 'runs', 'linked'));
  return inside;
}

/** Requests more panels than anybody would open. */
async function manyIn(folder) {
  await fill(folder, {
    ...soundRun('one', ['a', 'b']),
    '.pentimento/show.json': asksFor(...Array.from({ length: 200 }, (_, index) => `run-${index}`)),
  });
}

/** Requests panels with a document that is as deep as it is long. */
const deepIn = (folder) =>
  fill(folder, { '.pentimento/show.json': `{"panels":${'['.repeat(20_000)}${']'.repeat(20_000)}}` });

const KINDS = {
  links: linksIn,
  large: largeIn,
  outside: outsideIn,
  linked: linkedIn,
  many: manyIn,
  deep: deepIn,
};

/** Creates one of each kind in a temporary folder; `workspace` is a file that opens all of them. */
export async function hostileWorkspaces() {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'pentimento-hostile-')));
  const folders = [];
  for (const [name, make] of Object.entries(KINDS)) {
    const folder = join(root, name);
    await mkdir(folder);
    folders.push({ name, path: (await make(folder)) ?? folder });
  }
  const workspace = join(root, 'hostile.code-workspace');
  await writeFile(workspace, json({ folders }));
  return { root, workspace };
}
