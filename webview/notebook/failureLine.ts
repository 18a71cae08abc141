import * as l10n from '@vscode/l10n';
import { Fault } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { failureText } from '../panel/failureText.ts';

/** Why an analysis is not drawn, in one line. Text alone: what a document says is no markup. */
export const failureLine = (reason: unknown): HTMLElement => {
  const words =
    reason instanceof Fault
      ? reason.message
      : l10n.t(
          'This analysis cannot be drawn: {0}. Inspect again, and display the new one.',
          failureText(reason),
        );
  return element('p', { class: 'failure' }, words);
};
