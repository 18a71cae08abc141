/**
 * The part of this folder that needs no schemas: messages, faults, and the documents as types. Code that must load
 * quickly (activation of the extension, the pages) imports this file; code that reads documents imports `index.ts`.
 */
export type * from './analysis.ts';
export type * from './checkpoint.ts';
export * from './checkpointPage.ts';
export * from './csv.ts';
export type * from './document.ts';
export * from './documentSize.ts';
export type * from './documents.ts';
export * from './engine.ts';
export * from './fault.ts';
export * from './figures.ts';
export * from './filePart.ts';
export * from './health.ts';
export * from './inertText.ts';
export type * from './inspection.ts';
export * from './layerNames.ts';
export * from './measures.ts';
export * from './numbers.ts';
export * from './packedAnalysis.ts';
export * from './panels.ts';
export * from './probeMethods.ts';
export type * from './recommendation.ts';
export * from './recordingCode.ts';
export type * from './report.ts';
export type * from './run.ts';
export * from './weightMeasures.ts';
