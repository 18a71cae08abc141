import { writeFileSync } from 'node:fs';
import { commands } from 'vscode';
import { workbenchText } from '../launcher/browserClient.ts';
import { api, runFolder } from '../suite/editor.ts';
import { whileHovering, whilePressingKeys } from './frameRates.ts';
import type { FrameRateOf, Measurements, Opening } from './measurements.ts';
import { openEmptyWebview, openPage, settle, showAgain } from './opening.ts';

const PAGES = ['spectra', 'featureWeights', 'probes'] as const;
const LARGE_PAGES = ['spectra', 'featureWeights', 'similarity'] as const;
const LATER_OPENINGS = 2;
const STARTUP_MS = 8000;

/** The activation time that VS Code reports, in ms. */
const reportedActivation = async (): Promise<number> => {
  await commands.executeCommand('workbench.action.showRuntimeExtensions');
  const text = await workbenchText('.extension:has-text("Pentimento") .activation-time');
  await settle();
  const [, milliseconds] = /(\d+)ms/.exec(text) ?? [];
  if (milliseconds === undefined) throw new Error(`No time of activation in "${text}"`);
  return Number(milliseconds);
};

/** Activates, opens pages and uses them, and writes the measurements to PENTIMENTO_BENCH_RESULT. */
export async function run(): Promise<void> {
  // The editor's own extensions start meanwhile, in the same process as ours.
  await new Promise((resolve) => setTimeout(resolve, STARTUP_MS));
  const { activationMs, enginePid } = await api();
  const activationReported = await reportedActivation();
  // Like a user who has the side panel open: its training view is also a webview, and keeps VS Code's service
  // worker for webviews active.
  if (process.env.PENTIMENTO_BENCH_SIDE_PANEL === '1') {
    await commands.executeCommand('pentimento.trainingView.focus');
    await settle();
  }
  const openings: Opening[] = [];
  const frameRates: FrameRateOf[] = [];
  let engineRan = false;
  const add = async (opening: Promise<Opening>): Promise<void> => {
    openings.push(await opening);
    engineRan ||= enginePid() !== undefined;
  };

  for (let round = 0; round <= LATER_OPENINGS; round++) {
    const time = round === 0 ? 'first' : 'later';
    for (const page of PAGES) {
      await add(openPage(page, runFolder('finished'), time));
      await settle();
    }
    await add(openEmptyWebview(time));
    await settle();
  }
  await openPage('spectra', runFolder('finished'), 'later');
  await add(openPage('spectra', runFolder('second'), 'in front'));
  await add(showAgain('spectra', runFolder('finished')));
  await settle();
  for (const page of LARGE_PAGES) {
    await add(openPage(page, runFolder('large'), 'first'));
    if (process.env.PENTIMENTO_BENCH_FRAMES === '1') {
      frameRates.push(await whileHovering(page), await whilePressingKeys(page));
    }
    await settle();
  }
  const measured: Measurements = {
    activation: activationMs,
    activationReported,
    openings,
    frameRates,
    engineRan: engineRan || enginePid() !== undefined,
  };
  writeFileSync(process.env.PENTIMENTO_BENCH_RESULT!, JSON.stringify(measured));
}
