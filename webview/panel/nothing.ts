import * as l10n from '@vscode/l10n';
import { type PanelContent, RUN_ACTION } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import type { Host } from './host.ts';

type Nothing = Extract<PanelContent, { kind: 'nothing' }>;

const LABELS = {
  inspect: l10n.t('Inspect Run'),
  train: l10n.t('Train'),
  showLog: l10n.t('Show Log'),
} as const;

/** Why there is nothing to show, and the button that fixes it. */
export const nothingElement = (host: Host, { message, action }: Nothing): HTMLElement => {
  const part = element('div', { class: 'nothing' }, element('p', {}, message));
  if (action) {
    const button = element('button', { type: 'button', class: 'primary' }, LABELS[action]);
    button.addEventListener('click', () => host.tell(RUN_ACTION, { action }));
    part.append(button);
  }
  return part;
};
