import { l10n, Uri } from 'vscode';
import type { FigureFormat, FigureStyle } from '../../src/protocol/messages.ts';
import { meantPage } from '../panels/figurePage.ts';
import { saveFigure } from '../panels/saveFigure.ts';
import type { Services } from '../services.ts';
import { showInformation } from '../shown/messages.ts';
import { pickFrom } from '../shown/quickPick.ts';

/** Answers provided by a task or another extension; those about the style are as on the page if they are missing. */
export interface FigureQuestion extends Partial<FigureStyle> {
  readonly figure?: number;
  readonly format?: FigureFormat;
  readonly file?: string;
}

/** Export Figure: one figure of the active page, or of one in sight, as SVG, PDF, PNG or CSV, in the style that is set on its page. */
export const exportFigure =
  ({ panels, editors, trainingView }: Services) =>
  async (question: FigureQuestion = {}): Promise<string | undefined> => {
    const page = meantPage([
      ...panels.figurePages(),
      ...editors.figurePages(),
      ...trainingView.figurePages(),
    ]);
    const titles = (await page?.titles()) ?? [];
    if (page === undefined || titles.length === 0) {
      void showInformation(l10n.t('Open a panel with figures first, such as Open Spectra.'));
      return undefined;
    }
    const figure = question.figure ?? (await pickFigure(titles));
    if (figure === undefined) return undefined;
    const format = question.format ?? (await pickFormat());
    if (format === undefined) return undefined;
    const { width, textSize, highlight } = question;
    const saved = await page.export({ figure, format, style: { width, textSize, highlight } });
    const target = question.file === undefined ? undefined : Uri.file(question.file);
    return (await saveFigure(saved, page.name, target))?.fsPath;
  };

const pickFigure = async (titles: readonly string[]): Promise<number | undefined> => {
  if (titles.length === 1) return 0;
  const items = titles.map((label, index) => ({ label, index }));
  return (await pickFrom(items, { placeHolder: l10n.t('Choose a figure') }))?.index;
};

const pickFormat = async (): Promise<FigureFormat | undefined> => {
  const items: { label: string; description: string; format: FigureFormat }[] = [
    { label: 'SVG', description: l10n.t('vector graphics, for papers'), format: 'svg' },
    { label: 'PDF', description: l10n.t('vector graphics, one page'), format: 'pdf' },
    { label: 'PNG', description: l10n.t('pixels, 300 per inch'), format: 'png' },
    { label: 'CSV', description: l10n.t('the numbers'), format: 'csv' },
  ];
  return (await pickFrom(items, { placeHolder: l10n.t('Choose a format') }))?.format;
};
