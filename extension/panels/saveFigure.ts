import { l10n, Uri, workspace } from 'vscode';
import { Fault, type SavedFigure } from '../../src/protocol/messages.ts';
import { writeWhole } from '../runs/files.ts';
import { askWhereToSave } from '../shown/dialogs.ts';
import { showError } from '../shown/messages.ts';
import { sayBriefly } from '../shown/statusBar.ts';

/** `demo-feature-weights-by-layer.svg`: letters, digits and dashes only. */
const figureFileName = ({ title, format }: SavedFigure, run: string): string => {
  const words = `${run} ${title}`.normalize('NFKD').match(/[\p{Letter}\p{Number}]+/gu) ?? [];
  const plain = words.join('-').toLowerCase();
  return `${plain || 'figure'}.${format}`;
};

const figureBytes = ({ format, content }: SavedFigure): Uint8Array =>
  format === 'png' ? Buffer.from(content, 'base64') : new TextEncoder().encode(content);

/** Asks for the target and writes the figure there; with `target` the user is not asked. */
export const saveFigure = async (
  figure: SavedFigure,
  run: string,
  target?: Uri,
): Promise<Uri | undefined> => {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const proposed = figureFileName(figure, run);
  const file =
    target ??
    (await askWhereToSave({
      defaultUri: folder && Uri.joinPath(folder, proposed),
      ending: figure.format,
      title: l10n.t('Save Figure'),
    }));
  if (file === undefined) return undefined;
  try {
    await writeWhole(file, figureBytes(figure));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    void showError(error.message);
    return undefined;
  }
  sayBriefly(l10n.t('Saved {0}', workspace.asRelativePath(file)));
  return file;
};
