import { describe, expect, it } from 'vitest';
import type { Analysis, Probe, ProbeMethod } from '../../../src/protocol/index.ts';
import {
  accuracySeries,
  accuracyTable,
  bestPoint,
  evaluationSets,
  probeMethods,
  probeTasks,
} from '../../../webview/series/accuracy.ts';
import { describePoint, lowestTenth } from '../../../webview/series/describeAccuracy.ts';
import {
  formatMeasure,
  layerTable,
  measureLabel,
  measureSeries,
  measureTable,
} from '../../../webview/series/measures.ts';
import { largestChange, similarityTable } from '../../../webview/series/similarity.ts';
import { inventedImageReport, inventedTheoryReport } from './inventedReport.ts';

const { analysis } = inventedImageReport();

/** One layer, with a task that has R² 0.25 by standardised ridge regression and -0.5 by the raw one. */
const withContinuousTask = (from: Analysis): Analysis => {
  const probes = (['ridge-standardised', 'ridge-raw'] as const).map((method): Probe => {
    const accuracy = method === 'ridge-raw' ? -0.5 : 0.25;
    const score = { accuracy, interval: [accuracy - 0.1, accuracy + 0.1] as [number, number], samples: 100 };
    const evaluation = {
      ...score,
      on: 'test',
      outcomes: null,
      groups: [],
      worstGroup: null,
      trainWeightedAccuracy: null,
    };
    const { note: _, ...like } = from.layers[0].probes[0];
    return {
      ...like,
      task: 'speed',
      factor: 'speed',
      classes: null,
      method,
      score: 'R²',
      evaluations: [evaluation],
    };
  });
  return { ...from, layers: [{ ...from.layers[0], probes: [...from.layers[0].probes, ...probes] }] };
};

describe('accuracySeries', () => {
  it('has a series per task and a point per layer, in the order of the document', () => {
    expect(probeTasks(analysis)).toEqual(['digit', 'clothes', 'superclass']);
    const [digit] = accuracySeries(analysis, 'logistic-standardised', 'test');
    expect(digit.points.map(({ layer }) => layer)).toEqual(analysis.layers.map(({ name }) => name));
    expect(digit.points.map(({ evaluation }) => evaluation?.accuracy)).toEqual([
      0.61, 0.78, 0.86, 0.92, 0.915, 0.84, 0.66, 0.55, 0.34,
    ]);
    expect(bestPoint(digit)?.layer).toBe('encoder.conv3');
  });

  it('keeps the reason of a probe that was not fitted', () => {
    const [digit] = accuracySeries(analysis, 'logistic-raw', 'test');
    expect(digit.points[0]).toMatchObject({ evaluation: null, note: 'did not converge in 200 iterations' });
    expect(digit.points[1].note).toBeNull();
  });

  it('shows the ridge regression like the chosen probe for a continuous factor', () => {
    const withSpeed = withContinuousTask(analysis);
    const methodsOf = (probe: ProbeMethod) =>
      accuracySeries(withSpeed, probe, 'test').find(({ task }) => task === 'speed')!;
    expect(probeMethods(withSpeed)).toEqual(['logistic-standardised', 'logistic-raw', 'knn']);
    expect(methodsOf('logistic-raw')).toMatchObject({
      score: 'R²',
      points: [{ evaluation: { accuracy: -0.5 } }],
    });
    expect(methodsOf('knn').points[0].evaluation?.accuracy).toBe(0.25);
    expect(bestPoint(methodsOf('logistic-raw'))?.evaluation?.accuracy).toBe(-0.5);
    const onlySpeed = {
      ...withSpeed,
      layers: withSpeed.layers.map((layer) => ({ ...layer, probes: layer.probes.slice(-2) })),
    };
    expect(probeMethods(onlySpeed)).toEqual(['ridge-standardised', 'ridge-raw']);
    expect(accuracySeries(onlySpeed, 'ridge-raw', 'test')[0].points[0].evaluation?.accuracy).toBe(-0.5);
  });

  it('has room for R² below 0, and says what it is', () => {
    const series = accuracySeries(withContinuousTask(analysis), 'logistic-raw', 'test');
    expect(lowestTenth(series)).toBe(-0.6);
    const speed = series.find(({ task }) => task === 'speed')!;
    expect(describePoint(speed, speed.points[0])).toBe(
      'speed, R² -50.0\u00a0% (95 % interval -60.0 to -40.0\u00a0%), 100 samples',
    );
  });

  it('offers the test split before the shifts, and nothing without probes', () => {
    expect(evaluationSets(analysis)).toEqual(['test', 'digit strength 2']);
    expect(evaluationSets(inventedTheoryReport().analysis)).toEqual([]);
  });
});

describe('accuracyTable', () => {
  it('gives the numbers of the document for the whole set, the groups and the null', () => {
    const { rows } = accuracyTable(analysis);
    const probe = analysis.layers[3].probes.find(({ task }) => task === 'clothes');
    const place = ['encoder.conv3', 'clothes', 'logistic-standardised'];
    const mine = rows.filter((row) => place.every((name, index) => row[index] === name));
    // The whole set and three groups on the test split and on the shift, and the null.
    expect(mine).toHaveLength(10);
    const worst = probe?.evaluations[0].worstGroup;
    expect(mine).toContainEqual([
      ...place,
      'test',
      'bag × 1',
      worst?.accuracy,
      worst?.interval?.[0],
      worst?.interval?.[1],
      worst?.samples,
      'worst group',
      null,
    ]);
    expect(mine.at(-2)?.[5]).toBe(probe?.shuffledNull.accuracy);
    expect(mine.at(-1)?.slice(4, 6)).toEqual(['most frequent class', 0.1]);
  });
});

describe('accuracyTable of a continuous factor', () => {
  it('has R² in a column of its own', () => {
    const { columns, rows } = accuracyTable(withContinuousTask(analysis));
    const [at, r2] = [columns.indexOf('accuracy'), columns.indexOf('R²')];
    const speed = rows.filter((row) => row[1] === 'speed');
    expect(speed.map((row) => row[at])).toEqual(Array(speed.length).fill(null));
    expect(speed.map((row) => [row[2], row[4], row[r2]])).toContainEqual(['ridge-raw', 'all', -0.5]);
    expect(speed.at(-1)?.[4]).toBe('mean');
  });
});

describe('measures', () => {
  it('are named for people', () => {
    expect(measureLabel('rankMe')).toBe('RankMe');
    expect(measureLabel('participationRatio')).toBe('Participation ratio');
    expect(['nc1', 'nc2Norms', 'nc2Angles'].map(measureLabel)).toEqual(['NC1', 'NC2, norms', 'NC2, angles']);
    expect(measureLabel('constructor')).toBe('Constructor');
  });

  it('keep the value, the note and the definition of the document', () => {
    const alpha = measureSeries(analysis).find(({ key }) => key === 'alphaReq');
    expect(alpha?.definition).toBe(analysis.definitions.alphaReq);
    expect(alpha?.points[0].measure).toEqual({ value: null, note: 'fit did not converge' });
    expect(measureTable(analysis).rows).toContainEqual([
      'input',
      'α-ReQ',
      null,
      null,
      null,
      'fit did not converge',
      '',
    ]);
    expect(measureTable(analysis).columns).toEqual([
      'layer',
      'measure',
      'value',
      '95 % low',
      '95 % high',
      'note',
      'better',
    ]);
    expect(measureTable(analysis).rows).toContainEqual([
      'head.1',
      'Alignment',
      1.1 - 0.1 * 6,
      null,
      null,
      '',
      'lower',
    ]);
  });

  it('have their interval, in words and in the table, those of the feature weights as well', () => {
    const bounded: Analysis = {
      ...analysis,
      layers: analysis.layers.map((layer) => ({
        ...layer,
        inequality: { ...layer.inequality, gini: { value: 0.3, interval: [0.25, 0.35] } },
      })),
    };
    expect(measureTable(bounded).rows).toContainEqual([
      'head.1',
      'Gini of the feature weights',
      0.3,
      0.25,
      0.35,
      '',
      '',
    ]);
    const gini = measureSeries(bounded).find(({ key }) => key === 'gini');
    expect(formatMeasure(gini!.points[0].measure!, 'none')).toBe('0.3 (0.25 to 0.35)');
    expect(formatMeasure({ value: 0.3, interval: null }, 'none')).toBe('0.3');
  });

  it('fill the layer table with the numbers of the document', () => {
    const { columns, rows } = layerTable(analysis);
    const column = columns.indexOf('Participation ratio');
    expect(rows.map((row) => row[column])).toEqual(
      analysis.layers.map(({ measures }) => measures.participationRatio.value),
    );
    expect(rows.map((row) => row.at(-1))).toEqual(
      analysis.layers.map(({ name }) => analysis.absent.byLayer[name].length),
    );
  });
});

describe('similarity', () => {
  it('finds the neighbours that differ most', () => {
    // exp(-0.16) between encoder layers, exp(-0.32) if a layer of the head is included.
    expect(largestChange(analysis)).toMatchObject({ from: 'encoder.pool', to: 'head.1' });
    expect(largestChange(analysis)?.cka).toBeCloseTo(0.726149, 6);
  });

  it('passes over cells without a value', () => {
    const cka = analysis.similarity.cka.map((row) => row.map(() => null));
    expect(largestChange({ ...analysis, similarity: { samples: 0, cka } })).toBeNull();
  });

  it('tabulates the matrix', () => {
    expect(similarityTable(analysis).rows.map((row) => row.slice(1))).toEqual(analysis.similarity.cka);
  });
});
