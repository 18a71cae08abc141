import { element } from '../figures/element.ts';

/** A titled part of a page, appended to it. */
export const section = (page: HTMLElement, title: string): HTMLElement => {
  const part = element('section', { 'aria-label': title }, element('h2', {}, title));
  page.append(part);
  return part;
};
