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

/** A name as a literal of Python and of people: quoted as in JSON, without hidden characters. */
export const pythonText = (name: string): string =>
  JSON.stringify(name).replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\U${character.codePointAt(0)?.toString(16).padStart(8, '0')}`,
  );

/** Code that records activations, for one layer alone, as an inspection names it: `block.3:mean` is `block.3` in one of its poolings. */
export const recordingCodeOf = (code: string, layer: string): string => {
  const name = layer.replace(/:(?:mean|first|last|max)$/, '');
  const last = code.lastIndexOf('save_file(');
  return `${code.slice(0, last)}arrays = {key: x for key, x in arrays.items() if key.split(".", 1)[1] == ${pythonText(name)}}  # the layer to keep
${code.slice(last)}`;
};
