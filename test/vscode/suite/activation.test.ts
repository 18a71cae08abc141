import assert from 'node:assert/strict';
import { commands, extensions } from 'vscode';
import { api, drawn, endEngine, runFolder } from './editor.ts';
import { atStart } from './start.ts';

describe('activation', () => {
  it('is not done before something asks for it', () => {
    const { installed, activeBefore } = atStart();
    assert.ok(installed, 'the extension is not installed');
    assert.equal(activeBefore, false);
  });

  it('starts no engine', async () => {
    const { activationMs } = await api();
    console.log(`    activation took ${activationMs.toFixed(1)} ms`);
    assert.equal(atStart().enginePid, undefined);
  });

  it('and looking at a finished run need no engine', async () => {
    await endEngine();
    await commands.executeCommand('pentimento.openSpectra', runFolder('finished'));
    assert.ok((await drawn('spectra')) >= 2);
    assert.equal((await api()).enginePid(), undefined);
  });

  it('registers every command that the manifest offers', async () => {
    const { contributes } = extensions.getExtension('pentimento.pentimento')!.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    await api();
    const known = new Set(await commands.getCommands(true));
    const missing = contributes.commands.map(({ command }) => command).filter((id) => !known.has(id));
    assert.deepEqual(missing, []);
  });
});
