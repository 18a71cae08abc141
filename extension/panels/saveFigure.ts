import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { l10n, Uri, workspace } from 'vscode';
import { Fault, type PrintedFigure, type SavedFigure } from '../../src/protocol/messages.ts';
import { writeWhole } from '../runs/files.ts';
import { askWhereToSave } from '../shown/dialogs.ts';
import { showError, showInformation } from '../shown/messages.ts';
import { sayBriefly } from '../shown/statusBar.ts';
import { lastFigureStyle } from './figureStyle.ts';

/** `demo-feature-weights-by-layer.svg`: letters, digits and dashes only. */
const figureFileName = ({ title, format }: SavedFigure, run: string): string => {
  const words = `${run} ${title}`.normalize('NFKD').match(/[\p{Letter}\p{Number}]+/gu) ?? [];
  const plain = words.join('-').toLowerCase();
  return `${plain || 'figure'}.${format}`;
};

/** Beside the bundle of the extension, where the build puts them. */
const FONTS = join(__dirname, 'fonts');

interface FigureBytes {
  readonly bytes: Uint8Array;
  /** Characters that the file shows as boxes. */
  readonly missing: readonly string[];
}

/** The library for PDF is large: it is loaded with the first file. */
const pdfBytes = async (figure: PrintedFigure): Promise<FigureBytes> => {
  const { pdfOf } = await import('../figures/pdf.ts');
  const [regular, bold] = await Promise.all(
    ['DejaVuSansCondensed.ttf', 'DejaVuSansCondensed-Bold.ttf'].map((font) => readFile(join(FONTS, font))),
  );
  return pdfOf(figure, { regular, bold });
};

const figureBytes = async ({ format, content }: SavedFigure): Promise<FigureBytes> => {
  if (format === 'pdf') return pdfBytes(JSON.parse(content) as PrintedFigure);
  const bytes = format === 'png' ? Buffer.from(content, 'base64') : new TextEncoder().encode(content);
  return { bytes, missing: [] };
};

/** Asks for the target and writes the figure there; with `target` the user is not asked. */
export const saveFigure = async (
  figure: SavedFigure,
  run: string,
  target?: Uri,
): Promise<Uri | undefined> => {
  lastFigureStyle.remember(figure.style);
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
  const { bytes, missing } = await figureBytes(figure);
  try {
    await writeWhole(file, bytes);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    void showError(error.message);
    return undefined;
  }
  sayBriefly(l10n.t('Saved {0}', workspace.asRelativePath(file)));
  if (missing.length > 0)
    void showInformation(
      l10n.t(
        'The font of PDF files lacks {0}. To keep these characters, save as SVG or PNG.',
        missing.join(' '),
      ),
    );
  return file;
};
