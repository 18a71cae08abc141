export { experimentJsonSchema } from './jsonSchema.ts';
export * from './parse.ts';
export * from './presets.ts';
export * from './questions.ts';
export * from './schema.ts';
