import '../panel/strings.ts';
import * as l10n from '@vscode/l10n';
import { drawRunMeans } from '../figures/index.ts';
import { openPanel } from '../panel/openPanel.ts';
import { part } from '../panel/parts.ts';
import { createRunList } from '../panel/runList.ts';

openPanel(
  l10n.t('Mean of Runs'),
  (runs) => [
    part(
      {
        title: l10n.t('Mean by layer'),
        caption: l10n.t(
          'Look for layers whose intervals do not overlap: their difference is larger than what the seed changes.',
        ),
      },
      drawRunMeans,
      runs,
    ),
  ],
  createRunList,
);
