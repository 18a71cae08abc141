import { type LiveTraining, RUN_ACTION } from '../../src/protocol/index.ts';
import { element } from '../figures/element.ts';
import type { Host } from '../panel/host.ts';
import { actionsOf, stateLine, type TrainingAction } from '../panel/liveTraining.ts';

const LABELS: Readonly<Record<TrainingAction, string>> = {
  pause: 'Pause',
  continue: 'Continue',
  resume: 'Resume',
  cancel: 'Cancel',
  openSpectra: 'Open Spectra',
  showLog: 'Show Log',
  newExperiment: 'New Experiment',
};

/** One after the other at the same place, so that a second press of the same button undoes the first. */
const FLOW: readonly TrainingAction[] = ['pause', 'continue', 'resume'];

const EMPTY = 'Train an experiment and watch its layers here.';

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

/** What the training does, how far it is, and what can be done about it. */
export const createTrainingStatus = (host: Host): TrainingStatus => {
  const title = element('h1', { class: 'spoken' }, 'Training');
  const name = element('h2');
  const line = element('p', { class: 'state', tabindex: '-1' });
  const backend = element('p', { class: 'backend' });
  const bar = element('progress', { 'aria-label': 'Steps of the training' });
  const actions = element('div', { class: 'actions' });
  const buttons = new Map<string, HTMLButtonElement>();

  /** Buttons that stay keep their focus; when the focused one goes, the focus stays near. */
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
    actions.replaceChildren(...shown);
    if (held) (shown.find((button) => button === lost) ?? shown[0] ?? line).focus();
  };

  const update = (training: LiveTraining | null): void => {
    name.textContent = training?.name ?? 'No training';
    line.replaceChildren(...unbroken(training ? stateLine(training) : EMPTY));
    line.classList.toggle('failed', training?.state === 'failed');
    backend.textContent = training?.backend ? `Backend: ${training.backend}` : '';
    bar.hidden = training === null;
    if (training) {
      // Without a value the bar tells that its length is not known yet.
      if (training.state === 'preparing') bar.removeAttribute('value');
      else bar.value = training.step;
      bar.max = Math.max(1, training.totalSteps);
    }
    showActions(actionsOf(training));
  };
  return { root: element('header', { class: 'status' }, title, name, line, bar, actions, backend), update };
};
