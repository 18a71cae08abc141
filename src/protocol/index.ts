export * from './analysis.ts';
export * from './fault.ts';
export * from './recommendation.ts';
export * from './report.ts';
export * from './run.ts';
