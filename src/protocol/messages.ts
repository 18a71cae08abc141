/**
 * The part of this folder that needs no schemas: messages, faults, and the documents as types. What must load in a
 * moment (the extension when it is activated, the pages) imports this face; whoever reads a document imports the other.
 */
export type * from './analysis.ts';
export type * from './checkpoint.ts';
export * from './checkpointPage.ts';
export type * from './document.ts';
export * from './documentSize.ts';
export type * from './documents.ts';
export * from './engine.ts';
export * from './fault.ts';
export * from './filePart.ts';
export * from './health.ts';
export * from './inertText.ts';
export * from './packedAnalysis.ts';
export * from './panels.ts';
export type * from './recommendation.ts';
export type * from './report.ts';
export type * from './run.ts';
