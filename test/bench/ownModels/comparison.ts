import { type Analysis, type Probe, unpackOutcomes } from '../../../src/protocol/index.ts';

/** What scikit-learn found of a probe; outcomes are a text of 0 and 1, one for each sample. */
interface PeerProbe {
  readonly c?: number;
  readonly outOfFold: string;
  readonly test: string;
  readonly information?: number;
  readonly null: number;
}

/** The results of `peer.py`. */
export interface Peer {
  readonly spectra: Readonly<Record<string, Readonly<Record<string, number | readonly number[] | null>>>>;
  /** By layer, task and method. */
  readonly probes: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, PeerProbe>>>>>>;
  readonly similarity: readonly (readonly number[])[];
}

/** The same probe with a C that is known, fitted to the end. */
export interface ExactProbe extends Pick<PeerProbe, 'outOfFold' | 'test'> {
  readonly task: string;
  readonly layer: string;
  readonly method: string;
}

type Scored = 'outOfFold' | 'test';

const outcomesOf = (probe: Probe, on: Scored): ArrayLike<number> => {
  const found = on === 'test' ? probe.evaluations[0] : probe.outOfFold!;
  return unpackOutcomes(found.outcomes!, found.samples);
};

/** Samples that two sides score differently, over some probes. */
class Differences {
  private probes = 0;
  private samples = 0;
  private different = 0;
  private most = 0;
  /** Of accuracies, in samples. */
  private furthest = 0;

  add(ours: ArrayLike<number>, theirs: string): void {
    let [different, more] = [0, 0];
    for (let at = 0; at < ours.length; at++) {
      const step = ours[at] - Number(theirs[at]);
      if (step !== 0) different++;
      more += step;
    }
    this.probes++;
    this.samples += ours.length;
    this.different += different;
    this.most = Math.max(this.most, different);
    this.furthest = Math.max(this.furthest, Math.abs(more));
  }

  toString(): string {
    const share = ((1000 * this.different) / this.samples).toFixed(2);
    const each = this.samples / this.probes;
    return `${this.different} of ${this.samples} outcomes of ${this.probes} probes differ (${share} in 1,000); in one probe at most ${this.most} of ${each}, its accuracy by at most ${this.furthest}`;
  }
}

/** In words: how far the probes are from those of scikit-learn. */
export const comparedProbes = (
  { layers }: Analysis,
  peer: Peer | null,
  exact: readonly ExactProbe[],
): string[] => {
  const found = new Map<string, Differences>();
  const add = (what: string, ours: ArrayLike<number>, theirs: string): void => {
    const own = found.get(what) ?? new Differences();
    own.add(ours, theirs);
    found.set(what, own);
  };
  const cs = { same: 0, all: 0 };
  let [nulls, information] = [0, 0];
  for (const { name, probes, featureWeights } of layers) {
    for (const probe of probes) {
      const { task, method, c, shuffledNull } = probe;
      const same = exact.find((one) => one.task === task && one.layer === name && one.method === method);
      const theirs = peer?.probes[name][task][method];
      for (const on of ['test', 'outOfFold'] as const) {
        const what = on === 'test' ? 'on the test split' : 'out of fold';
        const ours = outcomesOf(probe, on);
        if (same !== undefined) add(`logistic, at the same C, to the end, ${what}`, ours, same[on]);
        if (theirs !== undefined)
          add(`${c === null ? 'knn' : 'logistic, at the usual tolerance'}, ${what}`, ours, theirs[on]);
      }
      if (theirs === undefined) continue;
      nulls = Math.max(nulls, Math.abs(shuffledNull.accuracy! - theirs.null));
      if (c === null || theirs.c === undefined) continue;
      cs.all++;
      if (Math.abs(theirs.c / c - 1) < 0.01) cs.same++;
      if (method !== 'logistic-standardised') continue;
      const weight = featureWeights.find(({ feature }) => feature === task);
      const bits = weight?.information?.value;
      if (bits != null) information = Math.max(information, Math.abs(bits - theirs.information!));
    }
  }
  const lines = [...found].map(([what, differences]) => `${what}: ${differences}`);
  if (peer !== null) {
    lines.push(
      `same C: ${cs.same} of ${cs.all} logistic probes; means of nulls within ${(100 * nulls).toFixed(2)} points; usable information within ${information.toFixed(4)} bits`,
    );
  }
  return lines;
};

/** In words: how far spectra and similarity are from numpy's. */
export const comparedMeasures = ({ layers, similarity }: Analysis, peer: Peer): string[] => {
  let values = 0;
  const measures = new Map<string, number>();
  for (const { name, singularValues, measures: own } of layers) {
    const { singularValues: expected, ...others } = peer.spectra[name];
    const theirs = expected as readonly number[];
    singularValues.forEach((sigma, i) => {
      values = Math.max(values, Math.abs(sigma - theirs[i]) / theirs[0]);
    });
    for (const [key, other] of Object.entries(others)) {
      const { value } = own[key as keyof typeof own]!;
      if (value === null || typeof other !== 'number') continue;
      measures.set(key, Math.max(measures.get(key) ?? 0, Math.abs(value - other) / Math.abs(other)));
    }
  }
  let cka = 0;
  similarity.cka.forEach((row, a) => {
    row.forEach((value, b) => {
      cka = Math.max(cka, Math.abs(value! - peer.similarity[a][b]));
    });
  });
  const words = [...measures].map(([key, difference]) => `${key} ${difference.toExponential(1)}`).join(', ');
  return [
    `singular values within ${values.toExponential(1)} of the largest, CKA within ${cka.toExponential(1)}`,
    `measures, relative: ${words}`,
  ];
};
