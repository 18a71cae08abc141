export { embed, embedSet } from './embed.ts';
export { exportFrom } from './exportFrom.ts';
export { cardPathOf, fitFrom } from './fitFrom.ts';
export { csvTable, latexTable, latexText, markdownTable } from './paper/formats.ts';
export { methodsParagraph } from './paper/methods.ts';
export { type PaperRun, paperTable } from './paper/paperTable.ts';
export { recordingCode } from './recordingCode.ts';
export { recordSource } from './recordSource.ts';
export { reportOf } from './report.ts';
