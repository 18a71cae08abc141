import * as l10n from '@vscode/l10n';
import { type LiveTraining, RUN_ACTION } from '../../src/protocol/messages.ts';
import { element, fill } from '../figures/element.ts';
import type { Host } from '../panel/host.ts';
import { actionsOf, stateLine, type TrainingAction } from './liveTraining.ts';

const LABELS: Readonly<Record<TrainingAction, string>> = {
  pause: l10n.t('Pause'),
  continue: l10n.t('Continue'),
  resume: l10n.t('Resume'),
  cancel: l10n.t('Cancel'),
  openSpectra: l10n.t('Open Spectra'),
  showLog: l10n.t('Show Log'),
  newExperiment: l10n.t('New Experiment'),
};

/** Shown one at a time in the same position, so that a second press undoes the first. */
const FLOW: readonly TrainingAction[] = ['pause', 'continue', 'resume'];

const EMPTY = l10n.t('Train an experiment and watch its layers here.');

/** Lines break between the facts of a state, not inside them. */
const unbroken = (line: string): Node[] =>
  line.split(' · ').flatMap((fact, index) => {
    const text = element('span', { class: 'fact' }, fact);
    return index === 0 ? [text] : [document.createTextNode(' · '), text];
  });

export interface TrainingStatus {
  readonly root: HTMLElement;
  update(training: LiveTraining | null): void;
}

/** The state and progress of the training, and the available actions. */
export const createTrainingStatus = (host: Host): TrainingStatus => {
  const title = element('h1', { class: 'spoken' }, l10n.t('Training'));
  const name = element('h2');
  const line = element('p', { class: 'state', tabindex: '-1' });
  const backend = element('p', { class: 'backend' });
  const bar = element('progress', { 'aria-label': l10n.t('Steps of the training') });
  const actions = element('div', { class: 'actions' });
  const buttons = new Map<string, HTMLButtonElement>();

  /** Remaining buttons keep their focus; if the focused one is removed, the focus moves nearby. */
  const showActions = (wanted: readonly TrainingAction[]): void => {
    const lost = document.activeElement;
    const shown = wanted.map((action, index) => {
      const slot = FLOW.includes(action) ? 'flow' : action;
      const button = buttons.get(slot) ?? element('button', { type: 'button' });
      buttons.set(slot, button);
      button.textContent = LABELS[action];
      button.classList.toggle('primary', index === 0 && action !== 'cancel');
      button.onclick = () => host.tell(RUN_ACTION, { action });
      return button;
    });
    const same = shown.length === actions.children.length && shown.every((b, i) => b === actions.children[i]);
    if (same) return;
    const held = actions.contains(lost);
    fill(actions, shown);
    if (held) (shown.find((button) => button === lost) ?? shown[0] ?? line).focus();
  };

  const update = (training: LiveTraining | null): void => {
    name.textContent = training?.name ?? l10n.t('No training');
    fill(line, unbroken(training ? stateLine(training) : EMPTY));
    line.classList.toggle('failed', training?.state === 'failed');
    backend.textContent = training?.backend ? l10n.t('Backend: {0}', training.backend) : '';
    bar.hidden = training === null;
    if (training) {
      // Without a value the bar is indeterminate.
      if (training.state === 'preparing') bar.removeAttribute('value');
      else bar.value = training.step;
      bar.max = Math.max(1, training.totalSteps);
    }
    showActions(actionsOf(training));
  };
  return { root: element('header', { class: 'status' }, title, name, line, bar, actions, backend), update };
};
