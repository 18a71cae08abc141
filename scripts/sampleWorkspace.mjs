// The workspace that `npm start` opens: the presets, and a copy of the demo run whose panels open at once.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Fills `folder` from the presets in `examples` and from the folder `run`. What somebody made or changed there stays:
 * other runs, experiments, and the layers that were selected in the demo run.
 */
export function fillSampleWorkspace(folder, { examples, run }) {
  mkdirSync(join(folder, '.pentimento', 'runs'), { recursive: true });
  for (const file of readdirSync(examples)) {
    if (existsSync(join(folder, file))) continue;
    // The extension provides the schema; the path to it is not valid here.
    const { $schema: _, ...experiment } = JSON.parse(readFileSync(join(examples, file), 'utf8'));
    writeFileSync(join(folder, file), `${JSON.stringify(experiment, null, 2)}\n`);
  }
  cpSync(run, join(folder, '.pentimento', 'runs', 'demo'), { recursive: true });
  const panels = ['spectra', 'featureWeights', 'probes'].map((page) => ({ page, run: 'demo' }));
  writeFileSync(join(folder, '.pentimento', 'show.json'), `${JSON.stringify({ panels }, null, 2)}\n`);
}
