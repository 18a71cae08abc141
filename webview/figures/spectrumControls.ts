import * as l10n from '@vscode/l10n';
import type { SpectrumSettings } from '../series/spectrumView.ts';
import { addChoice, addToggle, type Choice } from './controls.ts';

/** The controls that every figure of spectra has: spectrum, view, scale and axes. */
export const addSpectrumControls = (
  controls: HTMLElement,
  views: readonly Choice<SpectrumSettings['view']>[],
  initial: SpectrumSettings,
  change: (changes: Partial<SpectrumSettings>) => void,
): void => {
  const kinds: readonly Choice<SpectrumSettings['kind']>[] = [
    { value: 'centred', label: l10n.t('singular values, centred') },
    { value: 'uncentred', label: l10n.t('singular values, not centred') },
    { value: 'view-correlation', label: l10n.t('view correlation') },
  ];
  addChoice(controls, l10n.t('Spectrum'), kinds, (kind) => change({ kind })).offer(kinds, initial.kind);
  addChoice(controls, l10n.t('View'), views, (view) => change({ view }));
  addToggle(controls, l10n.t('relative to the largest'), initial.relative, (relative) =>
    change({ relative }),
  );
  addToggle(controls, l10n.t('log k'), initial.logX, (logX) => change({ logX }));
  addToggle(controls, l10n.t('log values'), initial.logY, (logY) => change({ logY }));
};
