import { l10n, Uri, workspace } from 'vscode';
import type { CheckpointExport, ConvolutionView } from '../../src/protocol/messages.ts';
import type { CheckpointFile } from '../checkpoints/checkpointFile.ts';
import { refuseLeadingOut } from '../runs/files.ts';
import { askWhereToSave } from '../shown/dialogs.ts';
import { withProgress } from '../shown/progress.ts';
import { sayBriefly } from '../shown/statusBar.ts';
import type { EditorWorkplace } from './workplace.ts';

const ENDING: Record<CheckpointExport, string> = {
  csv: 'layers.csv',
  json: 'spectra.json',
  netron: 'netron.json',
};

/** Asks for the target, measures every layer that was not measured yet, and writes the requested format. */
export const exportCheckpoint = async (
  { context, engine, report }: EditorWorkplace,
  checkpoint: CheckpointFile,
  format: CheckpointExport,
  convolution: ConvolutionView,
): Promise<void> => {
  const folder =
    checkpoint.uri.scheme === 'file'
      ? Uri.joinPath(checkpoint.uri, '..')
      : workspace.workspaceFolders?.[0]?.uri;
  const target = await askWhereToSave({
    defaultUri: folder && Uri.joinPath(folder, `${checkpoint.name}.${ENDING[format]}`),
    title: l10n.t('Export Layers'),
  });
  if (target === undefined) return;
  try {
    await refuseLeadingOut(target);
    const file = await checkpoint.path();
    const cache = Uri.joinPath(context.globalStorageUri, 'spectra').fsPath;
    await withProgress(l10n.t('Measuring the layers of {0}', checkpoint.name), async (progress, token) => {
      let shown = 0;
      try {
        await engine.run(
          'exportCheckpoint',
          { file, convolution, format, target: target.fsPath, cache },
          {
            token,
            onProgress: ({ done, total, message }) => {
              const share = (100 * done) / Math.max(1, total);
              progress.report({ message, increment: share - shown });
              shown = share;
            },
          },
        );
        sayBriefly(l10n.t('Saved {0}', workspace.asRelativePath(target)));
      } catch (error) {
        if (!token.isCancellationRequested) throw error;
      }
    });
  } catch (error) {
    report(error);
  }
};
