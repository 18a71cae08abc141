export * from './analysis.ts';
export * from './fault.ts';
export * from './recommendation.ts';
export * from './run.ts';
