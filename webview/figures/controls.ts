import { element } from './element.ts';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

let serial = 0;

/** A labelled list to choose one from; nothing is added when there is nothing to choose. */
export const addChoice = <Value extends string>(
  controls: HTMLElement,
  label: string,
  choices: readonly Choice<Value>[],
  onChange: (value: Value) => void,
): void => {
  if (choices.length < 2) return;
  const id = `choice-${++serial}`;
  const options = choices.map((choice) => element('option', { value: choice.value }, choice.label));
  const list = element('select', { id }, ...options);
  list.addEventListener('change', () => onChange(choices[list.selectedIndex].value));
  controls.append(element('span', { class: 'control' }, element('label', { for: id }, label), list));
};

export const addToggle = (
  controls: HTMLElement,
  label: string,
  initial: boolean,
  onChange: (on: boolean) => void,
): void => {
  const box = element('input', { type: 'checkbox' });
  box.checked = initial;
  box.addEventListener('change', () => onChange(box.checked));
  controls.append(element('label', { class: 'control' }, box, label));
};
