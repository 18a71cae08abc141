import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { tableElement } from '../figures/index.ts';
import { layerTable } from '../series/measures.ts';
import { section } from './section.ts';

/** Every layer with its measures in one table, and the features absent at each. */
export const layerSection = (page: HTMLElement, analysis: Analysis): void => {
  const part = section(page, l10n.t('Layers'));
  part.append(tableElement(layerTable(analysis), l10n.t('Layers and their measures')));
  const absent = Object.entries(analysis.absent.byLayer).filter(([, features]) => features.length > 0);
  const threshold = l10n.t('Absent means {0}.', analysis.absent.threshold);
  part.append(
    element(
      'p',
      { class: 'note' },
      absent.length === 0 ? `${l10n.t('No feature is absent at any layer.')} ${threshold}` : threshold,
    ),
    element(
      'ul',
      {},
      absent.map(([layer, features]) => element('li', {}, `${layer}: ${features.join(', ')}`)),
    ),
  );
};
