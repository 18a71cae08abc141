export { createProgram } from './program.ts';
export { onOutputError, say } from './terminal.ts';
