import { element } from '../figures/element.ts';
import { placeAfter } from './tabKeys.ts';

/** A title, and what is below it while it is selected. */
export interface Tab {
  readonly title: string;
  /** Draws into the panel, and returns the function that ends what was drawn. */
  readonly draw: (panel: HTMLElement) => () => void;
}

export interface Tabs {
  readonly root: HTMLElement;
  /** Ends what was drawn before, and draws the tab at this place. */
  select(place: number): void;
  /** Ends what is drawn. */
  destroy(): void;
}

let serial = 0;

/**
 * Tabs over one panel, as https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ describes them: one tab stop, and arrow keys
 * between the tabs. Only the selected one is drawn, and none before `select`, since figures are as wide as their place.
 */
export const createTabs = (label: string, tabs: readonly Tab[]): Tabs => {
  const id = `tabs-${++serial}`;
  const panel = element('div', { role: 'tabpanel', id: `${id}-panel`, tabindex: '0' });
  const buttons = tabs.map(({ title }, place) => {
    const control = { role: 'tab', id: `${id}-${place}`, 'aria-controls': panel.id };
    return element('button', { type: 'button', ...control }, title);
  });
  let end = (): void => {};

  const select = (selected: number): void => {
    end();
    end = () => {};
    panel.replaceChildren();
    panel.setAttribute('aria-labelledby', buttons[selected].id);
    for (const [place, button] of buttons.entries()) {
      button.setAttribute('aria-selected', String(place === selected));
      button.tabIndex = place === selected ? 0 : -1;
    }
    end = tabs[selected].draw(panel);
  };
  for (const [place, button] of buttons.entries()) {
    button.addEventListener('click', () => select(place));
    button.addEventListener('keydown', (event) => {
      const next = placeAfter(event.key, place, buttons.length);
      if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      select(next);
      buttons[next].focus();
    });
  }
  const list = element('div', { role: 'tablist', 'aria-label': label }, buttons);
  return { root: element('div', { class: 'tabs' }, list, panel), select, destroy: () => end() };
};
