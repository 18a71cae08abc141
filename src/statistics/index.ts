export * from './normal.ts';
export * from './paired.ts';
export * from './wilson.ts';
