export * from './program.ts';
export * from './tensorData.ts';
