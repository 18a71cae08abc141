import type { ActivationFunction, OutputItem } from 'vscode-notebook-renderer';
import styles from '../../media/styles/notebook.css';
import { element as make } from '../figures/element.ts';
import { watchTheme } from '../figures/theme.ts';
import { createAnalysisView, firstTab } from './analysisView.ts';
import { failureLine } from './failureLine.ts';
import { keepKeys } from './keepKeys.ts';
import { readOutput } from './readOutput.ts';

/** An output in its place in the notebook. */
interface Shown {
  readonly element: HTMLElement;
  end(): void;
}

/** VS Code writes its theme into the classes of the body, which a shadow tree does not see. */
const followTheme = (host: HTMLElement): (() => void) => {
  const copy = (): void => {
    const themes = [...document.body.classList].filter((name) => name.startsWith('vscode-'));
    host.className = ['pentimento-analysis', ...themes].join(' ');
  };
  copy();
  return watchTheme(copy);
};

/** Shows an output in a shadow tree, because all outputs of a notebook are in one page. */
const show = (output: OutputItem, element: HTMLElement): Shown => {
  const host = make('div');
  const unfollow = followTheme(host);
  const shadow = host.attachShadow({ mode: 'open' });
  element.replaceChildren(host);
  shadow.append(make('style', {}, styles));
  keepKeys(shadow);
  try {
    const analysis = readOutput(output);
    const view = createAnalysisView(analysis);
    shadow.append(view.root);
    view.select(firstTab(analysis));
    const end = (): void => {
      view.destroy();
      unfollow();
    };
    return { element, end };
  } catch (error) {
    shadow.append(failureLine(error));
    return { element, end: unfollow };
  }
};

/**
 * Draws `application/vnd.pentimento.analysis+json`, an analysis that a cell displays, as the panels do. Everything is in
 * the output: no message is sent, and nothing is loaded.
 */
export const activate: ActivationFunction = () => {
  const shown = new Map<string, Shown>();
  const end = (id: string): void => {
    shown.get(id)?.end();
    shown.delete(id);
  };
  return {
    renderOutputItem: (output, element) => {
      // An output that changes is rendered again, in the same place.
      for (const [id, other] of shown) if (id === output.id || other.element === element) end(id);
      shown.set(output.id, show(output, element));
    },
    disposeOutputItem: (id) => {
      for (const each of id === undefined ? [...shown.keys()] : [id]) end(each);
    },
  };
};
