import type { DrawnElement, FigureFormat, PrintedFigure } from '../../src/protocol/messages.ts';
import { pngOf } from './pngExport.ts';
import type { PrintedSvg } from './svgExport.ts';

/** Characters that a name may contain but an XML file may not, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const svgText = ({ root }: PrintedSvg): string =>
  new XMLSerializer().serializeToString(root).replace(NOT_XML, '\ufffd');

const drawnElement = (node: Element): DrawnElement => ({
  name: node.localName,
  attributes: Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value])),
  children: [...node.childNodes].map((child) =>
    child instanceof Element ? drawnElement(child) : (child.textContent ?? '').replace(NOT_XML, '\ufffd'),
  ),
});

/** What the host writes a PDF file from. */
const printedFigure = ({ root, ...words }: PrintedSvg): PrintedFigure => ({
  ...words,
  drawing: drawnElement(root),
});

/** The content of a file of a printed figure. Rejects with an `Error` when the browser cannot make it. */
export const figureFile = async (
  printed: PrintedSvg,
  format: Exclude<FigureFormat, 'csv'>,
): Promise<string | Blob> => {
  if (format === 'svg') return svgText(printed);
  return format === 'pdf' ? JSON.stringify(printedFigure(printed)) : pngOf(svgText(printed), printed);
};
