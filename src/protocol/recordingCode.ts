/**
 * Frameworks for which there is code that records activations, as `media/code/record/NAME.py`, with the module that Python
 * imports for it. A more specific one comes before what it builds on.
 */
export const RECORDING_FRAMEWORKS = [
  { name: 'transformer-lens', module: 'transformer_lens' },
  { name: 'nnsight', module: 'nnsight' },
  { name: 'sentence-transformers', module: 'sentence_transformers' },
  { name: 'timm', module: 'timm' },
  { name: 'transformers', module: 'transformers' },
  { name: 'torchvision', module: 'torchvision' },
  { name: 'keras', module: 'keras' },
  { name: 'jax', module: 'jax' },
  { name: 'torch', module: 'torch' },
] as const;

/** The framework that Python code imports; null for code that imports none of them. */
export const importedFramework = (code: string): string | null => {
  const imported = new Set(
    Array.from(code.matchAll(/^[ \t]*(?:import|from)[ \t]+(\w+)/gm), ([, module]) => module),
  );
  return RECORDING_FRAMEWORKS.find(({ module }) => imported.has(module))?.name ?? null;
};
