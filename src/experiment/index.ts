export * from './augmentationSchema.ts';
export * from './dataSchema.ts';
export { experimentJsonSchema } from './jsonSchema.ts';
export * from './modelSchema.ts';
export * from './parse.ts';
export * from './presets.ts';
export * from './questions.ts';
export * from './schema.ts';
export * from './trainingSchema.ts';
