import assert from 'node:assert/strict';
import { commands, extensions } from 'vscode';
import { api, closeEditors, drawn, runFolder } from './editor.ts';

describe('activation', () => {
  it('is not done before something asks for it', () => {
    const extension = extensions.getExtension('pentimento.pentimento');
    assert.ok(extension, 'the extension is not installed');
    assert.equal(extension.isActive, false);
  });

  it('starts no engine, nor does looking at a finished run', async () => {
    const { enginePid, activationMs } = await api();
    console.log(`    activation took ${activationMs.toFixed(1)} ms`);
    await commands.executeCommand('pentimento.openSpectra', runFolder('finished'));
    assert.ok((await drawn('spectra')) >= 2);
    assert.equal(enginePid(), undefined);
    await closeEditors();
  });

  it('registers every command that the manifest offers', async () => {
    const { contributes } = extensions.getExtension('pentimento.pentimento')!.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const known = new Set(await commands.getCommands(true));
    const missing = contributes.commands.map(({ command }) => command).filter((id) => !known.has(id));
    assert.deepEqual(missing, []);
  });
});
