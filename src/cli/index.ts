export { createProgram } from './program.ts';
export { Interruption, onceSaid, onOutputError, say } from './terminal.ts';
