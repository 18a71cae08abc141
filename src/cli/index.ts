export { createProgram } from './program.ts';
export { Interruption, onOutputError, say } from './terminal.ts';
