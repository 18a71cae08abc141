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
  addChoice(
    controls,
    l10n.t('Spectrum'),
    [
      { value: 'uncentred', label: l10n.t('singular values') },
      { value: 'centred', label: l10n.t('singular values, centred') },
      { value: 'view-correlation', label: l10n.t('view correlation') },
    ],
    (kind) => change({ kind }),
  );
  addChoice(controls, l10n.t('View'), views, (view) => change({ view }));
  addToggle(controls, l10n.t('relative to the largest'), initial.relative, (relative) =>
    change({ relative }),
  );
  addToggle(controls, l10n.t('log k'), initial.logX, (logX) => change({ logX }));
  addToggle(controls, l10n.t('log values'), initial.logY, (logY) => change({ logY }));
};
