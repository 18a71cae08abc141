import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigurationTarget, commands, window, workspace } from 'vscode';
import { closeEditors, root } from './editor.ts';

/** Settings that tests change, by section. */
const CHANGED: Record<string, readonly string[]> = {
  workbench: ['colorTheme'],
  pentimento: [
    'codeLens.enabled',
    'checkpointLens.enabled',
    'engine.idleMinutes',
    'training.inspectEveryEpochs',
    'training.inspectWhenFinished',
  ],
};

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );

const same = (one: string, other: string): boolean =>
  statSync(one).size === statSync(other).size && readFileSync(one).equals(readFileSync(other));

/** The window and its folder as they were before the first test: every test starts in this state. */
export class World {
  private readonly folder = root().fsPath;
  private readonly kept = mkdtempSync(join(tmpdir(), 'pentimento-kept-'));
  private readonly settings = Object.entries(CHANGED).flatMap(([section, keys]) =>
    keys.map((key) => ({ section, key, value: this.userValue(section, key) })),
  );

  constructor() {
    cpSync(this.folder, this.kept, { recursive: true });
  }

  /** Removes everything that earlier tests have left, including failed ones. */
  async restore(): Promise<void> {
    await commands.executeCommand('workbench.action.closeQuickOpen');
    await this.revertDocuments();
    await closeEditors();
    await this.restoreSettings();
    if (this.restoreFiles()) await commands.executeCommand('pentimento.refreshRuns');
    await commands.executeCommand('notifications.clearAll');
    // If left open, the centre would cover what is to be clicked.
    await commands.executeCommand('notifications.hideList');
  }

  dispose(): void {
    rmSync(this.kept, { recursive: true, force: true });
  }

  private userValue(section: string, key: string): unknown {
    return workspace.getConfiguration(section).inspect(key)?.globalValue;
  }

  /** A document with changes would ask whether to keep them when it is closed. */
  private async revertDocuments(): Promise<void> {
    for (const document of workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await window.showTextDocument(document);
      await commands.executeCommand('workbench.action.files.revert');
    }
  }

  private async restoreSettings(): Promise<void> {
    for (const { section, key, value } of this.settings) {
      if (this.userValue(section, key) === value) continue;
      await workspace.getConfiguration(section).update(key, value, ConfigurationTarget.Global);
    }
  }

  /** Whether there was anything to restore. */
  private restoreFiles(): boolean {
    const [wanted, found] = [filesIn(this.kept), new Set(filesIn(this.folder))];
    const extra = [...found].filter((name) => !wanted.includes(name));
    const changed = wanted.filter(
      (name) => !found.has(name) || !same(join(this.kept, name), join(this.folder, name)),
    );
    for (const name of extra) rmSync(join(this.folder, name), { force: true });
    this.removeEmptyFolders();
    for (const name of changed) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      copyFileSync(join(this.kept, name), join(this.folder, name));
    }
    return extra.length + changed.length > 0;
  }

  private removeEmptyFolders(): void {
    const kept = new Set(readdirSync(this.kept, { recursive: true, encoding: 'utf8' }));
    for (const name of readdirSync(this.folder, { recursive: true, encoding: 'utf8' }).sort().reverse()) {
      const path = join(this.folder, name);
      if (!kept.has(name) && statSync(path).isDirectory()) rmSync(path, { recursive: true, force: true });
    }
  }
}
