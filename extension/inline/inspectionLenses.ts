import {
  type CodeLens,
  type CodeLensProvider,
  Disposable,
  EventEmitter,
  l10n,
  languages,
  Range,
  type TextDocument,
  workspace,
} from 'vscode';
import type { RunLibrary } from '../runs/runLibrary.ts';
import { codeLens } from '../shown/codeLens.ts';
import { experimentName } from './experimentActions.ts';

const SETTING = 'pentimento.codeLens.enabled';
const TOP = new Range(0, 0, 0, 0);

/** The actions on an inspection file above its first line. */
class InspectionLenses implements CodeLensProvider, Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly disposables: Disposable[];

  constructor(private readonly runs: RunLibrary) {
    this.disposables = [
      this.changed,
      runs.onDidChange(() => this.changed.fire()),
      workspace.onDidGrantWorkspaceTrust(() => this.changed.fire()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SETTING)) this.changed.fire();
      }),
    ];
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    if (!workspace.getConfiguration().get(SETTING, true)) return [];
    const name = experimentName(document.getText());
    // The tree reports what cannot be listed.
    const runs = await this.runs.all().catch(() => []);
    const results = runs.find(
      ({ inspection, analysed }) => inspection !== null && inspection.name === name && analysed.length > 0,
    );
    const inspect = codeLens(TOP, {
      icon: 'search',
      title: l10n.t('Inspect'),
      tooltip: l10n.t('Inspect the layers that this file names'),
      command: 'pentimento.inspectRepresentations',
      arguments: [document.uri],
    });
    if (results === undefined) return workspace.isTrusted ? [inspect] : [];
    const open = codeLens(TOP, {
      icon: 'graph',
      title: l10n.t('Results'),
      tooltip: l10n.t('Show the probe accuracies of {0}', results.name),
      command: 'pentimento.openProbes',
      arguments: [results.uri],
    });
    return workspace.isTrusted ? [inspect, open] : [open];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }
}

/** Shows what can be done with an inspection file (Inspect, Results) above its text. */
export const registerInspectionLenses = (runs: RunLibrary): Disposable => {
  const lenses = new InspectionLenses(runs);
  const registration = languages.registerCodeLensProvider({ pattern: '**/*.inspection.json' }, lenses);
  return Disposable.from(registration, lenses);
};
