import { it } from 'vitest';
import { symmetricEigen, multiply, classScatterOf, lidar, matrix, PairMoments, viewCorrelation, uniformity, symmetricEigenvalues } from '../../../src/spectrum/index.ts';
it('t', () => {
  const n = 1024; const d = new Float64Array(n*n); for (let i=0;i<n;i++) for (let j=0;j<=i;j++) { d[i*n+j]=d[j*n+i]=Math.sin(i*7.3+j*1.7)+ (i===j?3:0); }
  const m = matrix(n,n,d);
  const time = (name: string, f: () => unknown) => { const t=performance.now(); f(); console.log('>>', name, (performance.now()-t).toFixed(0)); };
  time('values', () => symmetricEigenvalues(m));
  time('vectors', () => symmetricEigen(m));
  time('multiply', () => multiply(m, m));
  const z = matrix(2048, 1024, Float64Array.from({length: 2048*1024}, (_, i) => Math.sin(i*1.7+Math.sin(i))));
  let s: any; time('scatter', () => { s = classScatterOf(z, Int32Array.from({length:2048},(_, i)=>i>>3)); });
  time('lidar', () => lidar(s));
  time('uniformity', () => uniformity(z));
  const p = new PairMoments(1024); time('pairs', () => p.add(z.data, z.data.slice().reverse()));
  time('viewCorrelation', () => viewCorrelation(p.moments()));
});
