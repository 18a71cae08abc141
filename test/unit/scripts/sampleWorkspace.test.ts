import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { fillSampleWorkspace } from '../../../scripts/sampleWorkspace.mjs';
import { scratchFolder } from '../checkpoint/scratch.ts';

describe('the workspace that npm start opens', () => {
  let place: string;
  const at = (...names: string[]) => join(place, ...names);
  const read = (...names: string[]) => readFileSync(at('sample', ...names), 'utf8');
  const fill = () => fillSampleWorkspace(at('sample'), { examples: at('examples'), run: at('run') });

  beforeEach(() => {
    place = scratchFolder();
    for (const folder of ['examples', 'run']) mkdirSync(at(folder));
    writeFileSync(at('examples', 'demo.experiment.json'), '{"$schema":"../media/x.json","name":"demo"}');
    writeFileSync(at('run', 'run.json'), '{"trained":1}');
    fill();
  });

  it('has the presets, which need no schema, and the run whose panels open', () => {
    expect(JSON.parse(read('demo.experiment.json'))).toEqual({ name: 'demo' });
    expect(read('.pentimento', 'runs', 'demo', 'run.json')).toBe('{"trained":1}');
    expect(JSON.parse(read('.pentimento', 'show.json')).panels).toHaveLength(3);
  });

  it('keeps what was made in it, and gets the demo as it was trained last', () => {
    mkdirSync(at('sample', '.pentimento', 'runs', 'mine'));
    const made = [
      ['demo.experiment.json'],
      ['own.experiment.json'],
      ['.pentimento', 'runs', 'mine', 'run.json'],
      ['.pentimento', 'runs', 'demo', 'selection.json'],
    ];
    for (const names of made) writeFileSync(at('sample', ...names), 'mine');
    writeFileSync(at('run', 'run.json'), '{"trained":2}');
    fill();
    for (const names of made) expect(read(...names), names.join('/')).toBe('mine');
    expect(read('.pentimento', 'runs', 'demo', 'run.json')).toBe('{"trained":2}');
  });
});
