import { describe, expect, it } from 'vitest';
import { experimentSchema } from '../../../src/experiment/index.ts';
import {
  csvTable,
  latexTable,
  latexText,
  markdownTable,
  methodsParagraph,
  type PaperRun,
  paperTable,
} from '../../../src/handover/index.ts';
import type { Probe } from '../../../src/protocol/index.ts';
import { inventedImageReport } from '../webview/inventedReport.ts';

const {
  analysis,
  subject: { record },
} = inventedImageReport();

const experiment = {
  encoder: { kind: 'cnn' },
  head: { kind: 'mlp' },
  loss: { kind: 'nt-xent' },
  optimiser: { kind: 'adam' },
  batchSize: 256,
  augmentation: [{ kind: 'drop-digit' }, { kind: 'random-resized-crop' }],
};

/** The invented run with another seed, and its accuracies moved by so much. */
const runOf = (seed: number, by = 0, change: object = {}): PaperRun => ({
  folder: `run-${seed}`,
  record: { ...record, seed, experiment: { ...experiment, seed, ...change } },
  analysis: {
    ...analysis,
    seed,
    layers: analysis.layers.map((layer) => ({
      ...layer,
      probes: layer.probes.map((probe) => ({
        ...probe,
        evaluations: probe.evaluations.map((evaluation) => ({
          ...evaluation,
          accuracy: evaluation.accuracy! + by,
        })),
      })),
    })),
  },
});

/** The run with a continuous task, whose R² falls from -0.2 on. */
const withRSquared = (run: PaperRun): PaperRun => ({
  ...run,
  analysis: {
    ...run.analysis,
    layers: run.analysis.layers.map((layer, at) => {
      const [like] = layer.probes;
      const accuracy = -0.2 - 0.1 * at;
      const evaluations = like.evaluations.map((evaluation) => ({
        ...evaluation,
        accuracy,
        interval: [accuracy - 0.1, accuracy + 0.1] as [number, number],
        worstGroup: null,
      }));
      const speed = {
        ...like,
        task: 'speed',
        classes: null,
        method: 'ridge-standardised',
        score: 'R²',
        evaluations,
      };
      return { ...layer, probes: [...layer.probes, speed as Probe] };
    }),
  },
});

const columnOf = (table: ReturnType<typeof paperTable>, task: string, quantity = 'accuracy'): number =>
  table.columns.findIndex((column) => column.task === task && column.quantity === quantity);

describe('a table for a paper', () => {
  it('has the accuracies of the usual probe on the test split, and worst groups where there are groups', () => {
    const table = paperTable([runOf(0)]);
    expect(table.columns).toEqual([
      { task: 'digit', quantity: 'accuracy', samples: 2000 },
      { task: 'clothes', quantity: 'accuracy', samples: 2000 },
      { task: 'clothes', quantity: 'worst group', samples: 2000 },
      { task: 'superclass', quantity: 'accuracy', samples: 2000 },
    ]);
    expect(table.rows.map(({ layer }) => layer)).toEqual(analysis.layers.map(({ name }) => name));
    const pool = table.rows.findIndex(({ layer }) => layer === 'encoder.pool');
    const [cell] = table.rows[pool].cells;
    const test = analysis.layers[pool].probes[0].evaluations[0];
    expect(cell).toEqual({ value: test.accuracy, interval: test.interval });
  });

  it('has the mean over seeds with the interval of Student', () => {
    const table = paperTable([runOf(0, -0.01), runOf(1), runOf(2, 0.01)]);
    expect(table.seeds).toEqual([0, 1, 2]);
    const { value, interval } = table.rows[1].cells[columnOf(table, 'digit')];
    expect(value).toBeCloseTo(0.78, 12);
    // t(2) = 4.302653, deviation 0.01.
    expect(interval![1] - value!).toBeCloseTo((4.302653 * 0.01) / Math.sqrt(3), 7);
  });

  it('refuses runs of different experiments, and runs that were asked something else', () => {
    expect(() => paperTable([runOf(0), runOf(1, 0, { epochs: 999 })])).toThrow(
      'run-1: was trained with another experiment than run-0.',
    );
    const other = runOf(1);
    const fewer = { ...other, analysis: { ...other.analysis, layers: other.analysis.layers.slice(1) } };
    expect(() => paperTable([runOf(0), fewer])).toThrow('was inspected for other layers or tasks than run-0');
    const again = { ...runOf(0), folder: 'again' };
    expect(() => paperTable([runOf(0), again])).toThrow('again: has the seed 0 of run-0.');
    const none = {
      ...other,
      analysis: {
        ...other.analysis,
        layers: other.analysis.layers.map((layer) => ({ ...layer, probes: [] })),
      },
    };
    expect(() => paperTable([none])).toThrow('has no probe of a downstream task');
  });

  it('takes runs of an earlier version, whose records lack newer options', () => {
    const whole = experimentSchema.parse({
      name: 'tiny',
      data: { kind: 'synthetic', strengths: [1, 2] },
      encoder: { kind: 'linear', widths: [2] },
      loss: { kind: 'spectral' },
      optimiser: { kind: 'sgd', learningRate: 0.1 },
      epochs: 1,
    });
    const { pooling: _, ...earlier } = whole;
    const of = (seed: number, own: object): PaperRun => {
      const run = runOf(seed);
      return { ...run, record: { ...run.record, experiment: { ...own, seed } } };
    };
    expect(paperTable([of(0, whole), of(1, earlier)]).seeds).toEqual([0, 1]);
    expect(() => paperTable([of(0, whole), of(1, { ...earlier, pooling: 'flatten' })])).toThrow(
      'was trained with another experiment',
    );
  });

  it('is Markdown with the highest number of a column in bold', () => {
    const lines = markdownTable(paperTable([runOf(0)])).split('\n');
    expect(lines[0]).toBe('| Layer | digit | clothes | clothes, worst group | superclass |');
    expect(lines[1]).toBe('| --- | ---: | ---: | ---: | ---: |');
    expect(lines[5]).toMatch(/^\| encoder\.conv3 \| \*\*92\.0\*\* ± 1\.2 \| 86\.0 ± /);
    expect(lines.filter((line) => line.includes('**92.0**'))).toHaveLength(1);
    expect(lines.at(-2)).toMatch(
      /^Accuracy in % of logistic regression .* ± half of the 95 % Wilson score interval\.$/,
    );
  });

  it('is LaTeX that compiles whatever a name holds', () => {
    expect(latexText('50 % of a_b & c#d {e} ~f^g \\h $i ± 1')).toBe(
      '50 \\% of a\\_b \\& c\\#d \\{e\\} \\textasciitilde{}f\\textasciicircum{}g \\textbackslash{}h \\$i $\\pm$ 1',
    );
    const table = latexTable(paperTable([runOf(0)]));
    expect(table).toContain(
      '\\begin{tabular}{lrrrr}\n\\toprule\nLayer & digit & clothes & clothes, worst group & superclass \\\\',
    );
    expect(table).toMatch(/\nencoder\.conv3 & \$\\mathbf\{92\.0\} \\pm 1\.2\$ & /);
    // Every brace and environment is closed.
    const plain = table.replace(/\\[{}]/g, '');
    expect(plain.split('{').length).toBe(plain.split('}').length);
    expect(table.match(/\\begin/g)).toHaveLength(table.match(/\\end/g)!.length);
  });

  it('has R² of continuous factors beside accuracies', () => {
    const run = withRSquared(runOf(0));
    const table = paperTable([run]);
    expect(table.columns.at(-1)).toEqual({ task: 'speed', quantity: 'R²', samples: 2000 });
    expect(markdownTable(table)).toMatch(/\| superclass \| speed, R² \|\n/);
    // The highest of a column below 0 is in bold as well.
    expect(markdownTable(table)).toContain('**-20.0** ± ');
    expect(latexTable(table)).toContain('speed, R\\textsuperscript{2} \\\\');
    expect(latexTable(table)).toContain(
      'and R\\textsuperscript{2} in \\% of ridge regression on standardised columns',
    );
    expect(csvTable(table)).toMatch(/speed,R²,-0\.2,.*,ridge-standardised\r\n/);
    const text = methodsParagraph([run], table);
    expect(text).toContain('; for continuous factors ridge regression on columns standardised');
    expect(text).toContain(
      'Accuracies and R² are those on the test split, with 95 % Wilson score intervals of accuracies and jackknife intervals of R².',
    );
  });

  it('is CSV with a line for each number, unrounded', () => {
    const lines = csvTable(paperTable([runOf(0), runOf(1)])).split('\r\n');
    expect(lines[0]).toBe('layer,task,quantity,value,95 % low,95 % high,test samples,seeds,probe');
    expect(lines[1]).toMatch(/^input,digit,accuracy,0\.61,0\.61,0\.61,2000,0 1,logistic-standardised$/);
    expect(lines).toHaveLength(1 + analysis.layers.length * 4 + 1);
  });
});

describe('the methods paragraph', () => {
  it('says how the encoder was trained, how layers were probed, and with what it was made', () => {
    const runs = [runOf(0), runOf(1)];
    const text = methodsParagraph(runs, paperTable(runs));
    expect(text).toMatch(
      /^An encoder of kind cnn with a head of kind mlp \([\d,]+ parameters\) was trained for [\d,]+ epochs /,
    );
    expect(text).toContain(
      'with the nt-xent loss, adam and batches of 256 samples under drop-digit and random-resized-crop on ',
    );
    expect(text).toContain('(seeds 0 and 1).');
    expect(text).toContain('multinomial logistic regression with L2 penalty');
    expect(text).toContain(
      "means over 2 seeds on the test split, with 95 % intervals of the mean (Student's t).",
    );
    expect(text).toContain(`data hash ${record.dataHash.slice(0, 12)}.`);
    expect(text).not.toMatch(/undefined|unknown|null|NaN/);
  });

  it('says what the penalty of a perceptron was chosen from', () => {
    const runs = [runOf(0)];
    const text = methodsParagraph(runs, { ...paperTable(runs), method: 'mlp' });
    expect(text).toContain('one hidden layer of 64 ReLU units');
    expect(text).toContain('its C chosen from 0.01, 0.1 and 1.');
    expect(methodsParagraph(runs, { ...paperTable(runs), method: 'knn' })).not.toContain('its C');
  });
});
