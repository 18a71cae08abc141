import type { Analysis } from '../../src/protocol/index.ts';
import { element } from '../figures/element.ts';
import { tableElement } from '../figures/index.ts';
import { layerTable } from '../series/measures.ts';
import { section } from './section.ts';

/** Every layer with its measures in one table, and the features absent at each. */
export const layerSection = (page: HTMLElement, analysis: Analysis): void => {
  const part = section(page, 'Layers');
  part.append(tableElement(layerTable(analysis), 'Layers and their measures'));
  const absent = Object.entries(analysis.absent.byLayer).filter(([, features]) => features.length > 0);
  const threshold = `Absent means ${analysis.absent.threshold}.`;
  part.append(
    element(
      'p',
      { class: 'note' },
      absent.length === 0 ? `No feature is absent at any layer. ${threshold}` : threshold,
    ),
    element(
      'ul',
      {},
      ...absent.map(([layer, features]) => element('li', {}, `${layer}: ${features.join(', ')}`)),
    ),
  );
};
