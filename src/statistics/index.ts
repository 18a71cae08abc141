export * from './draws.ts';
export * from './influence.ts';
export * from './jackknife.ts';
export * from './normal.ts';
export * from './paired.ts';
export * from './studentT.ts';
export * from './wilson.ts';
