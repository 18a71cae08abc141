import * as l10n from '@vscode/l10n';
import { PAGE_FAILED, RUN_ACTION } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { failureText } from './failureText.ts';
import type { Host } from './host.ts';

/** Chromium reports this when a figure changes its own height while it is measured; the next frame fixes it. */
const HARMLESS = /^ResizeObserver loop/;

export interface FailureWatch {
  /** Reports a caught error. */
  fail(reason: unknown): void;
  /** Removes the line, because the page is in order again. */
  clear(): void;
}

/** Reports every script error once to the host, and to the user in a line at the top of the page. */
export const watchFailures = (host: Host, page: HTMLElement): FailureWatch => {
  const line = element('p', { class: 'failure', role: 'alert', hidden: '' });
  page.before(line);
  const told = new Set<string>();
  const fail = (reason: unknown): void => {
    const message = failureText(reason);
    if (HARMLESS.test(message)) return;
    document.body.dataset.failed = '1';
    const log = element('button', { type: 'button' }, l10n.t('Show Log'));
    log.addEventListener('click', () => host.tell(RUN_ACTION, { action: 'showLog' }));
    line.replaceChildren(l10n.t('This page failed: {0}. Close it and open it again.', message), ' ', log);
    line.hidden = false;
    if (told.has(message)) return;
    told.add(message);
    host.tell(PAGE_FAILED, { message });
  };
  window.addEventListener('error', (event) => fail(event.error ?? event.message));
  window.addEventListener('unhandledrejection', (event) => fail(event.reason));
  const clear = (): void => {
    line.hidden = true;
    delete document.body.dataset.failed;
  };
  return { fail, clear };
};
