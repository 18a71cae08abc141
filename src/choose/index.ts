export { type OverSeeds, recommendationsOverSeeds, type SeededRecommendation } from './acrossSeeds.ts';
export * from './recommend.ts';
