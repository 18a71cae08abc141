export * from './complexity.ts';
export * from './depth.ts';
export * from './diagonal.ts';
export * from './document.ts';
export * from './featureWeights.ts';
export * from './moments.ts';
