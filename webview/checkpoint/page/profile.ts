import * as l10n from '@vscode/l10n';
import type { SavedFigure } from '../../../src/protocol/messages.ts';
import { element } from '../../figures/element.ts';
import type { LayerSelection } from '../../figures/index.ts';
import { createFigureList, type FigureList } from '../../panel/figureList.ts';
import { part } from '../../panel/parts.ts';
import { depthProfileFigure, type ProfileActions } from '../figures/depthProfile.ts';
import type { ProfileData } from '../series/depthProfile.ts';

const WORDS = {
  title: l10n.t('Depth profile'),
  caption: l10n.t(
    'Look for layers that differ from those of the same kind around them, and for a trend from the first layer to the last.',
  ),
};

export interface ProfileOptions extends ProfileActions {
  readonly open: boolean;
  /** The selected layer, which the figure marks. */
  readonly selection: LayerSelection;
  save(figure: SavedFigure): void;
  onOpen(open: boolean): void;
}

/** The depth profile, which can be folded away above the table. */
export interface DepthProfile {
  readonly root: HTMLElement;
  readonly figures: FigureList;
  /** Hidden without layers. */
  show(data: ProfileData): void;
}

export const createDepthProfile = (options: ProfileOptions): DepthProfile => {
  const place = element('div');
  const summary = element('summary', {}, element('h2', {}, WORDS.title));
  const root = element('details', { class: 'profile' }, summary, place);
  root.open = options.open;
  let data: ProfileData | null = null;
  const figures = createFigureList(place, {
    selection: options.selection,
    save: options.save,
    provenance: () => data?.names.join('; ') ?? '',
  });
  const draw = depthProfileFigure(options);

  const drawOrClear = (): void => {
    root.hidden = data === null || data.layers.length === 0;
    // A figure needs its width, which it does not have while it is folded away.
    if (!data || root.hidden || !root.open) figures.clear();
    else figures.show([part(WORDS, draw, data)]);
  };
  let open = options.open;
  root.addEventListener('toggle', () => {
    // Setting `open` above also fires this event.
    if (root.open === open) return;
    open = root.open;
    options.onOpen(open);
    drawOrClear();
  });

  return {
    root,
    figures,
    show: (next) => {
      data = next;
      drawOrClear();
    },
  };
};
