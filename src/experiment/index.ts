export { experimentJsonSchema } from './jsonSchema.ts';
export * from './parse.ts';
export * from './presets.ts';
export * from './schema.ts';
