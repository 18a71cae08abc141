export * from './recommend.ts';
