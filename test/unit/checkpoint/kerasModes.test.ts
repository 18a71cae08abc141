import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Checkpoint, openCheckpoint } from '../../../src/checkpoint/index.ts';
import { summarise } from '../../../src/layers/index.ts';
import modes from './fixtures/kerasModes.json' with { type: 'json' };
import { faultOf } from './scratch.ts';

interface Expected {
  readonly read: Readonly<Record<string, unknown>>;
  /** The expected reasons, by name. */
  readonly listed: Readonly<Record<string, string>>;
}

const FILES = Object.entries(modes as Record<string, Expected>);

const opened: Checkpoint[] = [];
afterEach(() => Promise.all(opened.splice(0).map((checkpoint) => checkpoint.close())));
const open = async (file: string): Promise<Checkpoint> => {
  const checkpoint = await openCheckpoint(join(import.meta.dirname, 'fixtures/kerasModes', file));
  opened.push(checkpoint);
  return checkpoint;
};

describe('layers that Keras quantised', () => {
  it.each(FILES)(
    '%s: only what is 8 bits for certain is read, and as what it stands for',
    async (file, it) => {
      const checkpoint = await open(file);
      const { layers } = await summarise(checkpoint, 'reshape');
      expect(layers.map(({ tensor }) => tensor).sort()).toEqual(Object.keys(it.read).sort());
      for (const [name, values] of Object.entries(it.read)) {
        expect([...(await checkpoint.read(name)).data]).toEqual([values].flat(4));
      }
    },
  );

  it.each(FILES)('%s: what is not read says what it is', async (file, { listed }) => {
    const checkpoint = await open(file);
    for (const [name, words] of Object.entries(listed)) {
      const { unreadable, belongsTo } = checkpoint.tensors.get(name) ?? {};
      expect(unreadable ?? belongsTo, name).toContain(words);
      if (unreadable !== undefined) expect((await faultOf(checkpoint.read(name))).message).toContain(words);
    }
  });
});
