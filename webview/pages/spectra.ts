import { drawMeasures, drawSpectrum } from '../figures/index.ts';
import { openPanel } from '../panel/openPanel.ts';
import { part, WORDS } from '../panel/parts.ts';

openPanel('Spectra', ([{ analysis }]) => [
  part(WORDS.spectrum, drawSpectrum, analysis),
  part(WORDS.measures, drawMeasures, analysis),
]);
