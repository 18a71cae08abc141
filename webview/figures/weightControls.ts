import * as l10n from '@vscode/l10n';
import {
  QUANTITY_LABELS,
  SOURCE_LABELS,
  type WeightChoice,
  type WeightQuantity,
  type WeightSource,
} from '../series/featureWeights.ts';
import { addChoice, addToggle } from './controls.ts';

/** The controls of what is drawn of feature weights. */
export interface WeightControls {
  /** Offers what there is, with what is drawn now. */
  offer(
    sources: readonly WeightSource[],
    quantities: readonly WeightQuantity[],
    drawn: Omit<WeightChoice, 'relative'>,
  ): void;
}

export const addWeightControls = (
  controls: HTMLElement,
  relative: boolean,
  onChange: (change: Partial<WeightChoice>) => void,
): WeightControls => {
  const sourceList = addChoice<WeightSource>(controls, l10n.t('Features'), [], (source) =>
    onChange({ source }),
  );
  const quantityList = addChoice<WeightQuantity>(controls, l10n.t('Quantity'), [], (quantity) =>
    onChange({ quantity }),
  );
  const scaling = addToggle(controls, l10n.t("relative to the layer's largest"), relative, (on) =>
    onChange({ relative: on }),
  );
  return {
    offer: (sources, quantities, { source, quantity }) => {
      sourceList.offer(
        sources.map((value) => ({ value, label: SOURCE_LABELS[value] })),
        source,
      );
      quantityList.offer(
        quantities.map((value) => ({ value, label: QUANTITY_LABELS[value] })),
        quantity,
      );
      scaling.hidden = quantity !== 'gain';
    },
  };
};
