import {
  type Finding,
  HealthGatherer,
  layerFacts,
  sickOf,
  type TensorHealth,
  type TensorValues,
  valuesFacts,
} from '../protocol/index.ts';
import type { MeasuredLayer } from './measureLayers.ts';

/** The health of a checkpoint's tensors, as far as they were read. */
export interface CheckpointHealth {
  /** Tensors that were examined, and parts of tensors that are layers. */
  readonly tensors: number;
  /** How many of these have an error or a warning. */
  readonly sick: number;
  /** One entry for each tensor with findings, layers first. */
  readonly findings: readonly TensorHealth[];
}

/** The state of health that a gatherer found. */
export const gatheredHealth = ({ tensors, findings }: HealthGatherer): CheckpointHealth => ({
  tensors,
  sick: sickOf(findings).length,
  findings,
});

export const checkpointHealth = (
  layers: readonly MeasuredLayer[],
  values: readonly TensorValues[],
): CheckpointHealth => {
  const gatherer = new HealthGatherer();
  for (const { layer, spectrum } of layers) gatherer.add(layerFacts(layer, spectrum));
  for (const each of values) gatherer.add(valuesFacts(each));
  return gatheredHealth(gatherer);
};

const counted = (count: number, of: number, one: string, many: string): string =>
  `${count} of ${of} ${of === 1 ? one : many}`;

/** A finding in a few words, to follow the name of its tensor. */
const findingWords = ({ kind, count, of, about }: Finding): string => {
  const are = count === 1 ? 'is' : 'are';
  switch (kind) {
    case 'unread':
      return `cannot be read: ${about}`;
    case 'nan':
      return `${counted(count, of, 'value', 'values')} ${are} NaN`;
    case 'infinite':
      return `${counted(count, of, 'value', 'values')} ${are} infinite`;
    case 'dead':
      return `all ${count} values are zero`;
    case 'constant':
      return `all ${count} values are equal`;
    case 'rankOne':
      return 'the rank is 1';
    case 'duplicate':
      return `has the same values as ${about}`;
    case 'zeroRows':
      return `${counted(count, of, 'row', 'rows')} ${are} all zero`;
    case 'zeroColumns':
      return `${counted(count, of, 'column', 'columns')} ${are} all zero`;
    case 'zeros':
      return `${counted(count, of, 'value', 'values')} ${are} zero`;
  }
};

export const healthWords = ({ findings }: TensorHealth): string => findings.map(findingWords).join(', ');
