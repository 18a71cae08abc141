#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { createProgram, Interruption, onceSaid, onOutputError, say } from './cli/index.ts';
import { writeFault } from './disk/index.ts';
import { Fault, visibleLine } from './protocol/index.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/**
 * 2: the input is wrong. 1: the work failed. 130: it was interrupted (143 by SIGTERM). Anything that is not a
 * Fault is a bug and is reported as one.
 */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Fault) {
    say(error.message);
    if (error.cause instanceof Interruption) return error.cause.exitCode;
    return error.kind === 'input' ? 2 : 1;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  say(
    `Unexpected: ${visibleLine(message)}. This is a defect of Pentimento: set PENTIMENTO_DEBUG=1 for the details and report it.`,
  );
  if (process.env.PENTIMENTO_DEBUG) for (const line of (stack ?? '').split('\n')) say(line);
  return 1;
}

// A reader that closes the pipe (`| head`) is not a failure; a full disk behind a redirection is.
onOutputError((error) => {
  if (error.code !== 'EPIPE') process.exitCode = exitCodeOf(writeFault('standard output', error));
});

const program = createProgram(version);
program.exitOverride();
for (const command of program.commands) command.exitOverride();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
  // Abandoned work may still be running.
  if (error instanceof Fault && error.cause instanceof Interruption) onceSaid(() => process.exit());
}
