import { basename } from 'node:path';
import { type Evaluation, formatCount, formatNumber, percentOf, visible } from '../protocol/index.ts';
import type { ExportedLayer } from './exportLayer.ts';
import type { Head, HeadedModel } from './withHead.ts';

/** What a model card says about a head. */
interface CardedHead extends Head {
  readonly balance: 'groups' | 'classes' | null;
  readonly penalty: { readonly name: 'C' | 'alpha'; readonly value: number };
  readonly trainSamples: number;
  readonly evaluations: readonly Evaluation[];
}

interface Card {
  readonly file: string;
  /** What the layer is of: a run, an inspection. */
  readonly subject: string;
  readonly encoder: ExportedLayer | null;
  readonly head: CardedHead;
  readonly headed: HeadedModel;
}

/**
 * A model card in Markdown, with the metadata that model hubs read: what the model predicts, from what, how well on samples that
 * it was not fitted on, and how to run it.
 */
export const modelCard = (card: Card): string => {
  const { head, encoder, subject } = card;
  const { task, factor, layer, classes } = head;
  const kind = classes === null ? 'linear-regression' : 'linear-probe';
  return [
    '---',
    'library_name: onnx',
    `tags: [pentimento, ${kind}]`,
    '---',
    '',
    `# ${escaped(task)} from ${escaped(layer)} of ${escaped(subject)}`,
    '',
    classes === null
      ? `Predicts the number ${code(factor)}.`
      : `Predicts ${code(factor)}, one of ${classes.length} classes: ${listed(classes)}.`,
    '',
    encoder === null
      ? `The file has the head alone: give it ${code(layer)} of the model that was recorded.`
      : `The file has the model up to ${code(layer)} and the head. Input: ${escaped(encoder.words.input)}. Pooling: ${escaped(encoder.words.pooling)}.`,
    '',
    '## Evaluation',
    '',
    ...evaluationTable(head),
    '',
    'None of these samples was used to fit the head.',
    '',
    '## Training',
    '',
    trainingWords(head),
    '',
    '## Use',
    '',
    ...usage(card),
    '',
  ].join('\n');
};

const MOST_LISTED = 50;

const listed = (classes: readonly string[]): string => {
  const more = classes.length > MOST_LISTED ? `, and ${classes.length - MOST_LISTED} more` : '';
  return classes.slice(0, MOST_LISTED).map(code).join(', ') + more;
};

/** Names come from files: they may be neither markup nor several lines. */
const escaped = (text: string): string =>
  visible(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>#|]/g, (character) => `\\${character}`);

const code = (text: string): string => `\`${visible(text).replace(/\s+/g, ' ').replaceAll('`', "'")}\``;

const evaluationTable = ({ classes, evaluations }: CardedHead): string[] => {
  const quantity = classes === null ? 'R² %' : 'Accuracy %';
  const hasGroups = evaluations.some(({ worstGroup }) => worstGroup !== null);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['Samples of', 'Number', quantity, '95 % interval', ...(hasGroups ? ['Worst group'] : [])]),
    line(['---', '---:', '---:', '---:', ...(hasGroups ? ['---'] : [])]),
    ...evaluations.map(({ on, samples, accuracy, interval, worstGroup }) =>
      line([
        escaped(on),
        formatCount(samples),
        accuracy === null ? '-' : percentOf(accuracy),
        interval === null ? '-' : `${percentOf(interval[0])} to ${percentOf(interval[1])}`,
        ...(hasGroups
          ? [
              worstGroup?.accuracy == null
                ? '-'
                : `${percentOf(worstGroup.accuracy)} (${escaped(worstGroup.group)}, ${formatCount(worstGroup.samples)})`,
            ]
          : []),
      ]),
    ),
  ];
};

const trainingWords = ({ classes, balance, penalty, trainSamples }: CardedHead): string => {
  const method = classes === null ? 'Ridge regression' : 'Logistic regression';
  const chosen = `${penalty.name} = ${formatNumber(penalty.value, 3)}`;
  const balanced = balance === null ? '' : ` ${balance === 'groups' ? 'Groups' : 'Classes'} count the same.`;
  return `${method} on ${formatCount(trainSamples)} samples, with ${chosen}, chosen by samples that it was not fitted on.${balanced}`;
};

const usage = ({ file, head: { classes }, headed: { inputs, outputs } }: Card): string[] => {
  const output = outputs[outputs.length - 1];
  const feeds = inputs.map(({ name }, at) => `${JSON.stringify(name)}: x${inputs.length === 1 ? '' : at}`);
  return [
    '```python',
    ...(classes === null ? [] : ['import json']),
    'import onnxruntime',
    '',
    `session = onnxruntime.InferenceSession(${JSON.stringify(basename(file))})`,
    ...inputs.map(
      ({ name, shape }, at) =>
        `# x${inputs.length === 1 ? '' : at}: ${JSON.stringify(name)}, [${shape.join(', ')}]`,
    ),
    `(result,) = session.run([${JSON.stringify(output)}], {${feeds.join(', ')}})`,
    ...(classes === null
      ? []
      : [
          'classes = json.loads(session.get_modelmeta().custom_metadata_map["pentimento.classes"])',
          'print([classes[k] for k in result.argmax(axis=1)])',
        ]),
    '```',
  ];
};
