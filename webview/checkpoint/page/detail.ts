import * as l10n from '@vscode/l10n';
import type { SavedFigure, WeightLayer } from '../../../src/protocol/messages.ts';
import { element, fill } from '../../figures/element.ts';
import { createLayerSelection } from '../../figures/layerSelection.ts';
import { createFigureList, type FigureList } from '../../panel/figureList.ts';
import { part } from '../../panel/parts.ts';
import { formatCount } from '../../series/format.ts';
import { drawWeightDensity } from '../figures/density.ts';
import { drawWeightSpectrum } from '../figures/spectrum.ts';
import type { LayerFigureData } from '../series/figureData.ts';
import { warningLine } from '../series/warnings.ts';
import { formatShape, KIND_LABELS } from '../series/words.ts';
import { severitySign } from '../table/cells.ts';
import type { DetailContent } from './content.ts';
import { measureTable, statisticsTable } from './measureTable.ts';

const SPECTRUM = {
  title: l10n.t('Singular values of the weights'),
  caption: l10n.t(
    'Look for values above the shuffled copy: they depend on the order of the weights, not only on their sizes.',
  ),
  half: true,
};
const DENSITY = {
  title: l10n.t('Density of the eigenvalues'),
  caption: l10n.t(
    'Look for a straight tail beyond the edge of the noise: noise does not explain these eigenvalues, training does.',
  ),
  half: true,
};

export interface DetailOptions {
  save(figure: SavedFigure): void;
  onExact(): void;
}

/** Details of the selected layer, under the table. */
export interface LayerDetail {
  readonly root: HTMLElement;
  readonly figures: FigureList;
  show(content: DetailContent): void;
  clear(): void;
}

const layerFacts = (layer: WeightLayer, name: string): string => {
  const matrix = formatShape(layer.matrix);
  const facts = [
    KIND_LABELS[layer.kind],
    layer.slices === 1
      ? l10n.t('matrix {0}', matrix)
      : l10n.t('{0} matrices {1}', formatCount(layer.slices), matrix),
    l10n.t('tensor of shape {0}', formatShape(layer.shape)),
    layer.dtype,
    l10n.t('{0} parameters', formatCount(layer.parameters)),
  ];
  if (layer.tensor !== name) facts.push(l10n.t('part of {0}', layer.tensor));
  return facts.join(' · ');
};

const sideFacts = ({ layer: shown, sides }: LayerFigureData): HTMLElement[] =>
  sides.map(({ name, layer }) => {
    const facts = layer ? layerFacts(layer, shown) : l10n.t('does not have this layer');
    return element('p', { class: 'facts' }, sides.length > 1 ? `${name}: ${facts}` : facts);
  });

export const createLayerDetail = ({ save, onExact }: DetailOptions): LayerDetail => {
  const title = element('h2');
  const facts = element('div');
  const problems = element('ul', { class: 'problems' });
  const exact = element('button', { type: 'button' });
  exact.addEventListener('click', onExact);
  const estimate = element('p', { class: 'estimate', role: 'status' });
  const place = element('div', { class: 'figures' });
  const numbers = element('div', {
    class: 'numbers',
    tabindex: '0',
    role: 'region',
    'aria-label': l10n.t('Measures and statistics'),
  });
  const root = element('section', { class: 'detail', 'aria-label': l10n.t('Highlighted layer') });
  root.append(title, facts, problems, estimate, place, numbers);
  let provenance = '';
  const figures = createFigureList(place, {
    selection: createLayerSelection(),
    save,
    provenance: () => provenance,
  });

  const showEstimate = (data: LayerFigureData, computing: boolean): void => {
    const estimated = data.sides.filter(({ measured }) => measured?.spectrum?.method === 'estimate');
    estimate.hidden = estimated.length === 0;
    exact.textContent = computing ? l10n.t('Computing…') : l10n.t('Compute Exactly');
    exact.disabled = computing;
    const failed = estimated.flatMap(({ measured }) => measured?.problem ?? []);
    const words = l10n.t('These values are estimates, because the matrix is large.');
    fill(estimate, [words, ' ', exact, ...failed.map((problem) => ` ${problem}`)]);
  };

  return {
    root,
    figures,
    show: ({ data, definitions, warnings, computing }) => {
      root.hidden = false;
      title.textContent = data.layer;
      provenance = data.sides.map(({ name }) => name).join('; ');
      fill(facts, sideFacts(data));
      fill(
        problems,
        warnings.map((warning) =>
          element('li', {}, severitySign(warning.severity), ' ', warningLine(warning)),
        ),
      );
      showEstimate(data, computing);
      figures.show([part(SPECTRUM, drawWeightSpectrum, data), part(DENSITY, drawWeightDensity, data)]);
      const measured = data.sides.some((side) => side.measured?.spectrum);
      numbers.hidden = !measured;
      fill(numbers, measured ? [measureTable(data, definitions), statisticsTable(data)] : []);
    },
    clear: () => {
      root.hidden = true;
      figures.clear();
    },
  };
};
