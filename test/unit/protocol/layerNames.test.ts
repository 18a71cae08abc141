import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutLabel, layerLabels, listLabels, plainLabels } from '../../../src/protocol/index.ts';

const texts = (names: readonly string[]): string[] => layerLabels(names).map(({ text }) => text);

describe('layerLabels', () => {
  it.each<[string, readonly (readonly [name: string, text: string])[]]>([
    [
      'GPT-2',
      [
        ['transformer.h.0.attn.c_attn.weight', 'h.0 attn.c_attn'],
        ['transformer.h.0.mlp.c_fc.weight', 'h.0 mlp.c_fc'],
        ['transformer.h.3.attn.c_attn.weight', 'h.3 attn.c_attn'],
        ['transformer.h.11.ln_2.weight', 'h.11 ln_2'],
        ['transformer.wte.weight', 'wte'],
        ['transformer.ln_f.weight', 'ln_f'],
      ],
    ],
    [
      'GPT-2 without embeddings',
      [
        ['transformer.h.3.attn.c_attn.weight', 'h.3 attn.c_attn'],
        ['transformer.h.4.mlp.c_fc.weight', 'h.4 mlp.c_fc'],
      ],
    ],
    [
      'BERT',
      [
        ['bert.encoder.layer.0.attention.self.query.weight', 'encoder.layer.0 attention.self.query'],
        ['bert.encoder.layer.0.output.dense.weight', 'encoder.layer.0 output.dense'],
        ['bert.pooler.dense.weight', 'pooler.dense'],
      ],
    ],
    [
      'one sort of layer of BERT',
      [
        ['bert.encoder.layer.0.attention.self.query.weight', 'layer.0'],
        ['bert.encoder.layer.1.attention.self.query.weight', 'layer.1'],
      ],
    ],
    [
      'Llama',
      [
        ['model.layers.0.self_attn.q_proj.weight', 'layers.0 self_attn.q_proj'],
        ['model.layers.31.mlp.down_proj.weight', 'layers.31 mlp.down_proj'],
        ['model.embed_tokens.weight', 'embed_tokens'],
      ],
    ],
    [
      'ViT of timm',
      [
        ['patch_embed.proj.weight', 'patch_embed.proj'],
        ['blocks.0.attn.qkv.weight', 'blocks.0 attn.qkv'],
        ['blocks.11.mlp.fc2.weight', 'blocks.11 mlp.fc2'],
        ['head.weight', 'head'],
      ],
    ],
    [
      'ResNet of torchvision',
      [
        ['conv1.weight', 'conv1'],
        ['layer1.0.conv1.weight', 'layer1.0 conv1'],
        ['layer2.0.downsample.0.weight', 'layer2.0 downsample.0'],
        ['fc.weight', 'fc'],
      ],
    ],
    [
      'Keras',
      [
        ['model/conv2d/kernel:0', 'conv2d'],
        ['model/conv2d_1/kernel:0', 'conv2d_1'],
        ['model/dense/kernel:0', 'dense'],
      ],
    ],
    [
      'a run, whose input is one word',
      [
        ['input', 'input'],
        ['transformer.h.0.attn.c_attn', 'h.0 attn.c_attn'],
        ['transformer.h.11.mlp.c_fc', 'h.11 mlp.c_fc'],
        ['classifier', 'classifier'],
      ],
    ],
    [
      'a run without a head, whose names end alike',
      [
        ['input', 'input'],
        ['encoder.conv1.relu', 'conv1'],
        ['encoder.conv2.relu', 'conv2'],
      ],
    ],
    [
      'the demo',
      [
        ['input', 'input'],
        ['encoder.conv1', 'encoder.conv1'],
        ['head.1.relu', 'head.1.relu'],
      ],
    ],
  ])('strips what all names of %s share', (_, pairs) => {
    expect(texts(pairs.map(([name]) => name))).toEqual(pairs.map(([, text]) => text));
  });

  it('knows the block of a name, and keeps the whole name', () => {
    const [query] = layerLabels(['bert.encoder.layer.0.query', 'bert.pooler.dense']);
    expect(query).toEqual({
      name: 'bert.encoder.layer.0.query',
      text: 'encoder.layer.0 query',
      block: 'encoder.layer.0',
      inner: 'query',
    });
  });

  it('leaves alone a single name, and names that have nothing in common, with their separators', () => {
    expect(texts(['transformer.h.3.attn.c_attn.weight'])).toEqual(['transformer.h.3.attn.c_attn.weight']);
    expect(texts(['layer1.0/conv1', 'fc'])).toEqual(['layer1.0/conv1', 'fc']);
    expect(layerLabels(['layer1.0/conv1', 'fc'])[0]).toMatchObject({ block: 'layer1.0', inner: 'conv1' });
    expect(texts([])).toEqual([]);
  });

  it('does not cut inside a word', () => {
    expect(texts(['encoder1', 'encoder2'])).toEqual(['encoder1', 'encoder2']);
    expect(texts(['a.preconv', 'b.conv'])).toEqual(['a.preconv', 'b.conv']);
  });

  it('keeps something of a name that is the prefix or the suffix of the others', () => {
    expect(texts(['net.a', 'net.a.b'])).toEqual(['a', 'a.b']);
    expect(texts(['weight', 'a.weight'])).toEqual(['weight', 'a.weight']);
    expect(texts(['x.weight.weight', 'x.weight'])).toEqual(['weight.weight', 'weight']);
    expect(texts(['.a', '.'])).toEqual(['.a', '"."']);
  });

  it('shows an empty name, and one of control characters, as something', () => {
    expect(texts(['', 'a'])).toEqual(['""', 'a']);
    expect(texts(['\u0001', 'a'])).toEqual(['"\\u0001"', 'a']);
    expect(texts(['net.\u0007', 'net.a']).every((text) => /[^\s\p{C}]/u.test(text))).toBe(true);
  });

  it('tells names apart that differ in a separator only, and numbers equal names', () => {
    expect(texts(['m.h.3.attn', 'm.h.3/attn'])).toEqual(['h.3.attn', 'h.3/attn']);
    expect(texts(['a', 'a', 'a (2)', 'a'])).toEqual(['a', 'a (3)', 'a (2)', 'a (4)']);
  });

  const segment = fc.constantFrom(
    'h',
    '0',
    '1',
    '12',
    'attn',
    'c_attn',
    'weight',
    '',
    ' ',
    '\u0000',
    '3 attn',
    '漢',
  );
  const name = fc
    .array(fc.tuple(segment, fc.constantFrom('.', '/', ':')), { maxLength: 5 })
    .map((parts) =>
      parts.map(([text, separator], index) => (index === 0 ? text : separator + text)).join(''),
    );
  const affixed = fc
    .tuple(fc.array(fc.oneof(name, fc.string({ unit: 'binary' })), { maxLength: 12 }), name, name)
    .map(([names, before, after]) => names.map((each) => `${before}${each}${after}`));

  it('is distinct, visible and no longer than the name, whatever the names are', () => {
    fc.assert(
      fc.property(fc.oneof(affixed, fc.array(name, { maxLength: 12 })), (names) => {
        const labels = layerLabels(names);
        expect(labels.map((label) => label.name)).toEqual(names);
        expect(new Set(labels.map(({ text }) => text)).size).toBe(names.length);
        const repeated = names.length !== new Set(names).size;
        for (const { name: whole, text, block, inner } of labels) {
          expect(text).toMatch(/\S/);
          expect(inner).not.toBe('');
          expect(text.startsWith(block) && text.endsWith(inner)).toBe(true);
          // Neither numbered nor quoted.
          if (!repeated && !text.includes('"') && !text.includes('(')) expect(whole).toContain(inner);
        }
        expect(layerLabels(names)).toEqual(labels);
      }),
    );
  });

  it('does not depend on the order of the names', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 8 }), (names) => {
        const turned = layerLabels(names.toReversed()).toReversed();
        expect(turned.map(({ block, inner }) => [block, inner])).toEqual(
          layerLabels(names).map(({ block, inner }) => [block, inner]),
        );
      }),
    );
  });

  it('tells 100,000 names apart, equal ones too', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `model.layers.${index % 50_000}.mlp.weight`);
    expect(new Set(texts(many)).size).toBe(100_000);
  });
});

describe('cutLabel', () => {
  const [long, short] = layerLabels([
    'model.encoder.layers.12.self_attention.query_projection',
    'model.encoder.layers.3.fc',
  ]);

  it('keeps the number of the block and the end of the name', () => {
    expect(cutLabel(short, 20)).toBe('layers.3 fc');
    expect(cutLabel(long, 20)).toBe('layers.12 sel…ection');
    expect(cutLabel(long, 20, false)).toBe('self_a…ry_projection');
    expect(cutLabel(long, 12)).toBe('l….12 s…tion');
  });

  it('never exceeds its limit', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.integer({ min: 4, max: 40 }),
        fc.boolean(),
        (a, b, limit, whole) => {
          const [label] = layerLabels([`m.${a}.7.${b}`, 'm.x']);
          expect([...cutLabel(label, limit, whole)].length).toBeLessThanOrEqual(limit);
          expect([...cutLabel(plainLabels([a])[0], limit)].length).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });
});

describe('listLabels', () => {
  it('shows names whole where all fit, and otherwise what tells them apart', () => {
    const names = [0, 1].map((block) => `vision_model.encoder.layers.${block}.attention.out_proj`);
    expect(listLabels(['encoder.conv1', 'encoder.pool'], 24)).toEqual(['encoder.conv1', 'encoder.pool']);
    expect(listLabels(['input', ...names], 24)).toEqual(['input', 'layers.0', 'layers.1']);
  });
});
