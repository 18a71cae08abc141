import { setTimeout as pause } from 'node:timers/promises';
import { commands, type Uri, ViewColumn, window } from 'vscode';
import { evaluate } from '../launcher/browserClient.ts';
import { closeEditors, drawn } from '../suite/editor.ts';
import type { Opening } from './measurements.ts';

/** Time in ms during which the page is not observed, because observing also takes time. */
const QUIET = 1500;

/** Clock times in ms of what happened on a page. */
const CLOCK = `(() => {
  const { timeOrigin } = performance;
  const [{ responseEnd }] = performance.getEntriesByType('navigation');
  const mark = (name) => timeOrigin + performance.getEntriesByName(name)[0].startTime;
  return {
    created: timeOrigin,
    document: timeOrigin + responseEnd,
    asked: mark('asked'),
    content: mark('content'),
    drawn: mark('drawn'),
  };
})()`;

type Clock = Pick<Opening, 'created' | 'document' | 'asked' | 'content' | 'drawn'>;

const nameOf = ({ path }: Uri): string => path.slice(path.lastIndexOf('/') + 1);

const timed = async (page: string, open: () => Thenable<unknown>): Promise<Clock> => {
  const begun = Date.now();
  await open();
  await pause(QUIET);
  await drawn(page);
  const { created, document, asked, content, drawn: done } = await evaluate<Clock>(page, CLOCK);
  return {
    created: created - begun,
    document: document - begun,
    asked: asked - begun,
    content: content - begun,
    drawn: done - begun,
  };
};

/** Opens a page on a run and times it; the page stays open. */
export const openPage = async (
  page: 'spectra' | 'featureWeights' | 'probes' | 'similarity',
  run: Uri,
  time: Opening['time'],
): Promise<Opening> => {
  const command = `pentimento.open${page[0].toUpperCase()}${page.slice(1)}`;
  const clock = await timed(page, () => commands.executeCommand(command, run));
  return { page, run: nameOf(run), time, ...clock };
};

/** Brings a panel back to the front, whose tab is the first; VS Code has discarded its page meanwhile. */
export const showAgain = async (page: string, run: Uri): Promise<Opening> => {
  const clock = await timed(page, () => commands.executeCommand('workbench.action.openEditorAtIndex1'));
  return { page, run: nameOf(run), time: 'shown again', ...clock };
};

/** The time of VS Code alone: a webview with one line of text. */
export const openEmptyWebview = async (time: Opening['time']): Promise<Opening> => {
  const clock = await timed('empty', async () => {
    const panel = window.createWebviewPanel('empty', 'Empty', ViewColumn.Active, { enableScripts: true });
    panel.webview.html =
      "<!doctype html><body data-page='empty'>Empty<script>document.body.dataset.drawn = '1'; for (const name of ['asked', 'content', 'drawn']) performance.mark(name);</script></body>";
  });
  return { page: 'empty webview', run: '', time, ...clock };
};

/** Closes everything and lets VS Code settle. */
export const settle = async (): Promise<void> => {
  await closeEditors();
  await pause(500);
};
