import '../panel/strings.ts';
import * as l10n from '@vscode/l10n';
import { drawMeasures, drawSpectrum } from '../figures/index.ts';
import { openPanel } from '../panel/openPanel.ts';
import { part, WORDS } from '../panel/parts.ts';

openPanel(l10n.t('Spectra'), ([{ analysis }]) => [
  part(WORDS.spectrum, drawSpectrum, analysis),
  part(WORDS.measures, drawMeasures, analysis),
]);
