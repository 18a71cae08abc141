export type { Question } from './candidates.ts';
export * from './recommend.ts';
