import { it } from 'vitest';
import { readFileSync } from 'node:fs';
import { loadData } from '../../../src/data/index.ts';
import { experimentSchema } from '../../../src/experiment/index.ts';
import { prepareTasks } from '../../../src/inspect/task.ts';
import { fitLogistic } from '../../../src/inspect/logistic.ts';
import { whiten } from '../../../src/inspect/whitening.ts';
import { compileLogistic } from '../../../src/inspect/logisticProgram.ts';
import { centring, fitStandardisation, standardise } from '../../../src/inspect/standardisation.ts';
import { Products } from '../../../src/inspect/products.ts';
import { matrix } from '../../../src/inspect/matrix.ts';
import { openBackend } from '../../../src/runtime/index.ts';
it('probe', async () => {
  const raw = JSON.parse(readFileSync('examples/demo.experiment.json', 'utf8'));
  raw.downstream.push({ name: 'superclass', factor: 'superclass' });
  const experiment = experimentSchema.parse(raw);
  const backend = await openBackend('native'); const products = new Products(backend);
  const data = await loadData(experiment, 'examples');
  const tasks = prepareTasks(experiment, data).flatMap(t => [{labels: t.trainLabels, classes: t.classes},{labels: t.shuffledLabels, classes: t.classes}]);
  const m = matrix(4000, 1024, data.train.read(0, 4000).data as Float32Array);
  const s = fitStandardisation(m);
  for (const [name, st] of [['std', s], ['raw', centring(s)]] as const) {
    let t = performance.now(); const lap = (w: string) => { const n = performance.now(); console.log('>>', name, w, (n-t).toFixed(0)); t = n; };
    const x = standardise(m, st); lap('standardise');
    const w = await whiten(products, x); lap('whiten');
    const p = await compileLogistic(backend, w, tasks); lap('compile');
    const pts = new Map(tasks.map((q, k) => [k, new Float64Array(1025*q.classes)]));
    for (let i=0;i<3;i++) await p.evaluate(pts); lap('3 rounds');
    for (const tolerance of [1e-5, 1e-6, 1e-7]) { const f = await fitLogistic(backend, products, x, tasks, {tolerance, maxIterations: 300}); lap('fit '+tolerance+' '+f.map(g=>g.iterations)); }
  }
});
