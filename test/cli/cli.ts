import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';

/** The built command line, run as a user runs it: a process with arguments, an exit code and two streams. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const CLI = join(ROOT, 'dist', 'cli.js');
export const example = (name: string): string => join(ROOT, 'examples', `${name}.experiment.json`);

/** A signal that the process sends to itself at one of its file operations: see signalAt.mjs. */
export interface SignalAt {
  readonly signal: 'SIGKILL' | 'SIGINT';
  /** Before which of the operations whose description contains `of` (by default any). */
  readonly nth: number;
  readonly of?: string;
  readonly thread?: 'main' | 'worker';
}

export interface CliOptions {
  readonly cwd?: string;
  readonly signalAt?: SignalAt;
  /** Shell words to put before the command, such as `ulimit -f 8; exec`. */
  readonly shell?: string;
}

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly done: Promise<Outcome>;
}

/** Starts a process and collects its output. */
export function start(
  command: string,
  args: readonly string[],
  cwd?: string,
  env: NodeJS.ProcessEnv = process.env,
): Started {
  // A slow machine must not add a line of progress to what a test expects on standard error.
  const silent = { PENTIMENTO_PROGRESS: 'never', ...env };
  const child = spawn(command, args, { cwd, env: silent, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
  });
  const done = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...text }));
  });
  return { child, done };
}

const PRELOAD = new URL('signalAt.mjs', import.meta.url).href;

export function startCli(args: readonly string[], { cwd, shell, signalAt }: CliOptions = {}): Started {
  if (signalAt !== undefined) {
    const env = { ...process.env, PENTIMENTO_TEST_SIGNAL: JSON.stringify(signalAt) };
    return start(process.execPath, ['--import', PRELOAD, CLI, ...args], cwd, env);
  }
  if (shell === undefined) return start(process.execPath, [CLI, ...args], cwd);
  return start('sh', ['-c', `${shell} "$@"`, 'sh', process.execPath, CLI, ...args], cwd);
}

export const runCli = (args: readonly string[], options?: CliOptions): Promise<Outcome> =>
  startCli(args, options).done;

/** A folder in which the command line runs, removed after the file's tests. */
export class Workspace {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'pentimento-cli-')));

  constructor() {
    afterAll(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** Writes text or bytes as they are and anything else as JSON, and returns the name. */
  write(name: string, contents: unknown): string {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    const raw = typeof contents === 'string' || contents instanceof Uint8Array;
    writeFileSync(this.path(name), raw ? contents : `${JSON.stringify(contents, null, 2)}\n`);
    return name;
  }

  run(...args: string[]): Promise<Outcome> {
    return runCli(args, { cwd: this.folder });
  }

  /** Runs a command that must succeed. */
  async succeed(...args: string[]): Promise<string> {
    const { code, signal, stdout, stderr } = await this.run(...args);
    if (code !== 0) throw new Error(`pentimento ${args.join(' ')} ended with ${code ?? signal}: ${stderr}`);
    return stdout;
  }

  /** Runs a command with `--json`: standard output must be one JSON document, standard error empty. */
  async json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as T;
  }

  /** Runs a command with `--json` that must fail, with nothing but one line on standard error, and returns both. */
  async failure(...args: string[]): Promise<[code: number | null, message: string]> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^[^\n]+\.\n$/);
    return [code, stderr.trimEnd()];
  }
}
