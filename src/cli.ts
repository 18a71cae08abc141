#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { createProgram } from './cli/index.ts';
import { writeFault } from './disk/index.ts';
import { Fault } from './protocol/index.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** 2: the input is wrong. 1: the work failed. Anything that is not a Fault is a defect, and says so. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Fault) {
    process.stderr.write(`${error.message}\n`);
    return error.kind === 'input' ? 2 : 1;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const text = process.env.PENTIMENTO_DEBUG ? stack : message.replace(/\s*[\r\n]+\s*/g, ' ');
  process.stderr.write(
    `Unexpected: ${text}. This is a defect of Pentimento: set PENTIMENTO_DEBUG=1 for the details and report it.\n`,
  );
  return 1;
}

// A reader that went away (`| head`) has had enough, which is no failure; a full disk behind a redirection is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.exitCode = exitCodeOf(writeFault('standard output', error));
});
process.stderr.on('error', () => {});

const program = createProgram(version);
program.exitOverride();
for (const command of program.commands) command.exitOverride();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
