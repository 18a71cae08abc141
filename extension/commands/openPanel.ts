import type { PanelPage } from '../../src/protocol/messages.ts';
import type { Services } from '../services.ts';
import { checkpointOf, chooseRun, type RunArgument } from './chooseRun.ts';

/** Opens a panel on a run, or on the checkpoint it was called on. */
export const openPanel =
  (services: Services, page: PanelPage) =>
  async (argument?: RunArgument): Promise<void> => {
    const run = await chooseRun(services, argument, ({ analysed }) => analysed.length > 0);
    if (run === undefined) return;
    const asked = checkpointOf(argument);
    const checkpoint = run.analysed.includes(asked) ? asked : (run.analysed.at(-1) ?? 'last');
    services.panels.show(page, [{ run: run.uri.toString(), checkpoint }]);
  };
