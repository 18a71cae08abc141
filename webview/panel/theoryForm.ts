import * as l10n from '@vscode/l10n';
import { element } from '../figures/element.ts';
import type { TheoryForm } from '../series/theory.ts';

const FIELDS = {
  strengths: { label: l10n.t('Strengths'), hint: l10n.t('one positive number for each feature') },
  noise: { label: l10n.t('Noise'), hint: l10n.t('standard deviation, one for each feature; 0 is none') },
  layers: { label: l10n.t('Layers'), hint: l10n.t('how many linear layers') },
  drop: {
    label: l10n.t('Dropped'),
    hint: l10n.t('probability that a view lacks the feature, one for each; empty is never'),
  },
  weightDecay: { label: l10n.t('Weight decay'), hint: l10n.t('of the training; empty is none') },
  downstream: {
    label: l10n.t('Downstream'),
    hint: l10n.t('strengths in the data of your task; empty is the same'),
  },
} as const satisfies Record<keyof TheoryForm, unknown>;

const KEYS = Object.keys(FIELDS) as readonly (keyof TheoryForm)[];

/** What the page keeps across a reload. */
export interface TheoryState {
  readonly form: TheoryForm;
}

/** The state as another session wrote it; null if it has another shape. */
export const readTheoryState = (kept: unknown): TheoryState | null => {
  const form = (kept as { form?: Partial<Record<keyof TheoryForm, unknown>> } | null | undefined)?.form;
  const isWhole = KEYS.every((key) => typeof form?.[key] === 'string');
  return isWhole ? { form: form as TheoryForm } : null;
};

/** The fields of the question, with a hint below each. */
export const createTheoryForm = (
  start: TheoryForm,
): { readonly root: HTMLFormElement; read(): TheoryForm } => {
  const inputs = KEYS.map((key) => {
    const id = `theory-${key}`;
    const input = element('input', {
      type: 'text',
      id,
      'aria-describedby': `${id}-hint`,
      spellcheck: 'false',
    });
    input.value = start[key];
    return input;
  });
  const rows = KEYS.map((key, index) => {
    const { label, hint } = FIELDS[key];
    const id = `theory-${key}`;
    return element(
      'div',
      { class: 'field' },
      element('label', { for: id }, label),
      inputs[index],
      element('span', { id: `${id}-hint`, class: 'hint' }, hint),
    );
  });
  return {
    root: element('form', { class: 'fields' }, rows),
    read: () =>
      Object.fromEntries(KEYS.map((key, index) => [key, inputs[index].value])) as unknown as TheoryForm,
  };
};
