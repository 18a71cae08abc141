import * as l10n from '@vscode/l10n';
import type { AnalysedState } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { epochOf, type FollowedEpoch, followEpochs, pickEpoch } from './followedEpoch.ts';

export interface EpochScrubber {
  readonly root: HTMLElement;
  shown(): FollowedEpoch;
  /** Moves to an epoch, if it was inspected. */
  pick(epoch: number): void;
  /** Replaces the epochs; with `afresh` they are those of another run, whose newest is shown. */
  offer(inspected: readonly AnalysedState[], afresh: boolean): void;
}

/** A slider over the inspected epochs; it follows the newest until it is moved to an earlier one. */
export const createEpochScrubber = (start: FollowedEpoch, onShow: () => void): EpochScrubber => {
  let epochs: readonly AnalysedState[] = [];
  let shown = start;
  const slider = element('input', { type: 'range', id: 'epoch', min: '0', step: '1' });
  const output = element('output', { for: 'epoch' });
  const label = element('label', { for: 'epoch' }, l10n.t('Inspected epoch'));
  const root = element('div', { class: 'scrubber', hidden: '' }, label, output, slider);

  const show = (): void => {
    const index = epochs.findIndex(({ state }) => state === shown.state);
    root.hidden = epochs.length === 0;
    slider.max = String(Math.max(0, epochs.length - 1));
    slider.value = String(index);
    slider.disabled = epochs.length < 2;
    const name = epochs[index]?.label ?? '';
    output.textContent = shown.following ? l10n.t('{0} (latest)', name) : name;
    slider.setAttribute('aria-valuetext', output.textContent);
    onShow();
  };
  const pick = (index: number): void => {
    shown = pickEpoch(epochs, index);
    show();
  };
  slider.addEventListener('input', () => pick(Number(slider.value)));
  return {
    root,
    shown: () => shown,
    pick: (epoch) => {
      const index = epochs.findIndex(({ state }) => epochOf(state) === epoch);
      if (index >= 0) pick(index);
    },
    offer: (inspected, afresh) => {
      epochs = inspected;
      shown = followEpochs({ ...shown, following: shown.following || afresh }, inspected);
      show();
    },
  };
};
