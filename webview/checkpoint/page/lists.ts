import * as l10n from '@vscode/l10n';
import type { CheckpointSummary } from '../../../src/protocol/messages.ts';
import { element } from '../../figures/element.ts';
import { tableElement } from '../../figures/table.ts';
import { formatCount } from '../../series/format.ts';
import type { Table } from '../../series/table.ts';
import { type CountedTensors, skippedTable, vectorTable } from '../series/tables.ts';
import { type Checkpoints, checkpointNames } from './content.ts';

/** Rows that `tableElement` renders. */
const SHOWN = 1000;

/** A collapsible list under its heading, built when it is first opened; none when it is empty. */
const collapsed = (title: string, table: Table): HTMLElement[] => {
  const count = table.rows.length;
  if (count === 0) return [];
  const heading = l10n.t('{0} ({1})', title, formatCount(count));
  const list = element('details', {}, element('summary', {}, heading));
  const open = (): void => {
    list.removeEventListener('toggle', open);
    if (count > SHOWN)
      list.append(
        element('p', { class: 'note' }, l10n.t('Only the first {0} are shown.', formatCount(SHOWN))),
      );
    list.append(tableElement(table, title));
  };
  list.addEventListener('toggle', open);
  return [list];
};

const metadataTable = ({ metadata }: CheckpointSummary): Table => ({
  columns: [l10n.t('key'), l10n.t('value')],
  rows: Object.entries(metadata),
});

/** What a checkpoint contains besides weight matrices: vectors, tensors that are not analysed and why, and metadata. */
export const otherTensors = (
  content: Checkpoints,
  counted: readonly CountedTensors[] = [],
): HTMLElement[] => {
  const names = checkpointNames(content);
  return content.checkpoints.flatMap(({ summary }, place) => {
    const of = (title: string): string => (names.length > 1 ? `${names[place]}: ${title}` : title);
    return [
      ...collapsed(of(l10n.t('Vectors')), vectorTable(summary, counted[place])),
      ...collapsed(of(l10n.t('Tensors that are not analysed')), skippedTable(summary, counted[place])),
      ...collapsed(of(l10n.t('Metadata of the file')), metadataTable(summary)),
    ];
  });
};
