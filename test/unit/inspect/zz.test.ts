import { readFileSync } from 'node:fs';
import { it } from 'vitest';
import { channelStatistics, loadData } from '../../../src/data/index.ts';
import { experimentSchema } from '../../../src/experiment/index.ts';
import { describeAnalysis, inspectModel } from '../../../src/inspect/index.ts';
import { buildModel } from '../../../src/model/index.ts';
import { float32, openBackend } from '../../../src/runtime/index.ts';

it('demo', async () => {
  const raw = JSON.parse(readFileSync('examples/demo.experiment.json', 'utf8'));
  raw.downstream.push({ name: 'superclass', factor: 'superclass' });
  const experiment = experimentSchema.parse(raw);
  const backend = await openBackend('native');
  const data = await loadData(experiment, 'examples');
  const model = buildModel(experiment, {
    sampleShape: data.shape,
    classes: 0,
    seed: 0,
    normalisation: channelStatistics(data.train),
  });
  const variables = Object.fromEntries(
    model.variables.map(({ name, shape, initial }) => [name, float32([...shape], initial.slice())]),
  );
  const t0 = performance.now();
  let last = t0;
  const analysis = await inspectModel({
    experiment,
    data,
    model,
    variables,
    backend,
    epoch: 0,
    step: 0,
    onProgress: (p) => {
      const t = performance.now();
      console.log('>>', p.done, p.total, p.message, (t - last).toFixed(0));
      last = t;
    },
  });
  console.log('>> total', (performance.now() - t0).toFixed(0));
  console.log(describeAnalysis(analysis));
  console.log(
    JSON.stringify(
      analysis.layers.map((l) => [
        l.name,
        l.measures,
        l.featureWeights.map((w) => [w.feature, w.weight, w.absent]),
        l.viewCorrelation.slice(0, 4),
        l.probes.map((p) => [
          p.task,
          p.method,
          p.evaluations.map((e) => e.accuracy),
          p.shuffledNull.accuracy,
          p.note,
        ]),
      ]),
      null,
      0,
    ),
  );
  console.log(JSON.stringify(analysis.similarity.cka));
});
