import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/**
 * SwiftShader is a GPU in software. `@sparticuz/chromium`, the browser of the editor's tests, has it as a Vulkan driver, for Linux on x64.
 */
export const hasSwiftShader = process.platform === 'linux' && process.arch === 'x64';

/** Unpacks the driver. The variables make a process that starts with them use it. */
export function unpackSwiftShader(): { variables: Record<string, string>; dispose: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'pentimento-swiftshader-'));
  const chromium = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const archive = join(dirname(chromium), '..', '..', 'bin', 'swiftshader.tar.br');
  execFileSync('tar', ['-x', '-C', folder], { input: brotliDecompressSync(readFileSync(archive)) });
  return {
    variables: {
      LD_LIBRARY_PATH: folder,
      VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
    },
    dispose: () => rmSync(folder, { recursive: true }),
  };
}

/** For the process that runs: its loader has read LD_LIBRARY_PATH already, but a library that is loaded is found by its name. */
export function useSwiftShader(): { dispose: () => void } {
  const { variables, dispose } = unpackSwiftShader();
  process.env.VK_ICD_FILENAMES = variables.VK_ICD_FILENAMES;
  const RTLD_NOW_NODELETE = 0x1002;
  try {
    process.dlopen({ exports: {} }, join(variables.LD_LIBRARY_PATH, 'libvulkan.so.1'), RTLD_NOW_NODELETE);
  } catch {
    // It is no module of Node, which says so, but it is loaded.
  }
  return { dispose };
}
