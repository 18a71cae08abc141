import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';

/** Versions of what a run's numbers depend on, for `run.json`. */
export function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const versionOf = (name: string): string => {
    try {
      return (
        JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as { version: string }
      ).version;
    } catch {
      return 'not installed';
    }
  };
  const own = JSON.parse(readFileSync(packageFile(), 'utf8')) as { version: string };
  return {
    pentimento: own.version,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    'onnxruntime-node': versionOf('onnxruntime-node'),
  };
}

/** Sources are two folders below the package, the bundle one. */
const packageFile = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? '../../package.json' : '../package.json', import.meta.url);
