export { embed } from './embed.ts';
export { exportLayer } from './exportLayer.ts';
export { csvTable, latexTable, latexText, markdownTable } from './paper/formats.ts';
export { methodsParagraph } from './paper/methods.ts';
export { type PaperRun, paperTable } from './paper/paperTable.ts';
export { recordSource } from './recordSource.ts';
export { reportOf } from './report.ts';
