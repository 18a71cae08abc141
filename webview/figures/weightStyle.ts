import { PAIR_STYLE } from './pairStyle.ts';
import { css, SERIES_COLOURS } from './palette.ts';
import { EDGE_DASH, FOREGROUND, SHUFFLED_DASH, type Stroke } from './weightPlane.ts';

/** How the figures of a layer draw the checkpoint at index `place`, alone or beside another. */
export interface SideStyle {
  readonly measured: Stroke;
  readonly shuffled: Stroke;
  readonly fit: Stroke;
  readonly edge: Stroke;
}

export const sideStyle = (place: number, compared: boolean): SideStyle => {
  const { colour, dash } = PAIR_STYLE[place];
  const measured = { colour, dash, width: 2 };
  if (!compared)
    return {
      measured,
      shuffled: { colour: FOREGROUND, dash: SHUFFLED_DASH, width: 1.4 },
      fit: { colour: css(SERIES_COLOURS[1]), dash: '', width: 2.6 },
      edge: { colour: FOREGROUND, dash: EDGE_DASH, width: 1.2 },
    };
  return {
    measured,
    shuffled: { colour, dash: '1.5 3', width: 1.4 },
    fit: { colour, dash: place === 0 ? '12 3' : '12 3 2 3', width: 2.6 },
    edge: { colour, dash: EDGE_DASH, width: 1.2 },
  };
};
