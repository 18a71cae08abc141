import { element, fill } from './element.ts';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

let serial = 0;

export interface ChoiceList<Value extends string> {
  /** Offers other choices, the first one chosen unless `chosen` is among them. Hidden if there is nothing to choose. */
  offer(choices: readonly Choice<Value>[], chosen?: Value): void;
}

/** A labelled list of choices; hidden if there is nothing to choose. */
export const addChoice = <Value extends string>(
  controls: HTMLElement,
  label: string,
  choices: readonly Choice<Value>[],
  onChange: (value: Value) => void,
): ChoiceList<Value> => {
  const id = `choice-${++serial}`;
  const list = element('select', { id });
  const control = element('span', { class: 'control' }, element('label', { for: id }, label), list);
  controls.append(control);
  list.addEventListener('change', () => onChange(list.value as Value));
  const offer = (offered: readonly Choice<Value>[], chosen?: Value): void => {
    const texts = [...list.options].map((option) => [option.value, option.text]);
    const wanted = offered.map(({ value, label: text }) => [value, text]);
    // Unchanged options stay in the DOM, because the list may be open.
    if (JSON.stringify(texts) !== JSON.stringify(wanted))
      fill(
        list,
        wanted.map(([value, text]) => element('option', { value }, text)),
      );
    list.selectedIndex = Math.max(
      0,
      offered.findIndex(({ value }) => value === chosen),
    );
    control.hidden = offered.length < 2;
  };
  offer(choices);
  return { offer };
};

/** A labelled box to tick; hide the element while it has no effect. */
export const addToggle = (
  controls: HTMLElement,
  label: string,
  initial: boolean,
  onChange: (on: boolean) => void,
): HTMLElement => {
  const box = element('input', { type: 'checkbox' });
  box.checked = initial;
  box.addEventListener('change', () => onChange(box.checked));
  const control = element('label', { class: 'control' }, box, label);
  controls.append(control);
  return control;
};

/** The settings of the controls as one line, for pictures that are exported without controls. */
export const describeControls = (controls: HTMLElement): string => {
  const settings = [...controls.querySelectorAll<HTMLSelectElement | HTMLInputElement>('select, input')];
  return settings
    .filter((setting) => !setting.closest('.control[hidden]'))
    .flatMap((setting) => {
      const label = setting.labels?.[0]?.textContent ?? '';
      if (setting instanceof HTMLSelectElement)
        return [`${label}: ${setting.selectedOptions[0]?.textContent ?? ''}`];
      return setting.checked ? [label] : [];
    })
    .join(' · ');
};
