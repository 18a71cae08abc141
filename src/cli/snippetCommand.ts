import { recordingCode } from '../handover/index.ts';
import type { Common } from './options.ts';
import { print } from './terminal.ts';

interface SnippetOptions extends Common {
  readonly for: string;
  readonly layer?: string;
}

/** Prints Python that records activations with a framework. */
export async function recordSnippetCommand({ json, for: framework, layer }: SnippetOptions): Promise<void> {
  const code = await recordingCode(framework, layer);
  await print(
    json,
    () => ({ framework, code }),
    () => code.trimEnd().split('\n'),
  );
}
