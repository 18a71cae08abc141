export type { Question } from './candidates.ts';
export * from './embed.ts';
export * from './exportLayer.ts';
export * from './formatRecommendation.ts';
export * from './inspectRun.ts';
export * from './recommend.ts';
