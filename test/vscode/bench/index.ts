import { writeFileSync } from 'node:fs';
import { commands } from 'vscode';
import { api, runFolder } from '../suite/editor.ts';
import { whileHovering, whilePressingKeys } from './frameRates.ts';
import type { FrameRateOf, Measurements, Opening } from './measurements.ts';
import { openEmptyWebview, openPage, settle } from './opening.ts';

const PAGES = ['spectra', 'featureWeights', 'probes'] as const;
const LARGE_PAGES = ['spectra', 'featureWeights', 'similarity'] as const;
const LATER_OPENINGS = 2;
const STARTUP_MS = 8000;

/** Activates, opens pages and uses them, and writes what it measured to PENTIMENTO_BENCH_RESULT. */
export async function run(): Promise<void> {
  // The editor's own extensions start meanwhile, in the same process as ours.
  await new Promise((resolve) => setTimeout(resolve, STARTUP_MS));
  const begun = performance.now();
  const { activationMs, enginePid } = await api();
  const activationWithLoading = performance.now() - begun;
  // As for somebody who works with the side panel open: its training view is a webview too, and keeps VS Code's
  // service worker for webviews awake.
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
  for (const page of LARGE_PAGES) {
    await add(openPage(page, runFolder('large'), 'first'));
    if (process.env.PENTIMENTO_BENCH_FRAMES === '1') {
      frameRates.push(await whileHovering(page), await whilePressingKeys(page));
    }
    await settle();
  }
  const measured: Measurements = {
    activation: activationMs,
    activationWithLoading,
    openings,
    frameRates,
    engineRan: engineRan || enginePid() !== undefined,
  };
  writeFileSync(process.env.PENTIMENTO_BENCH_RESULT!, JSON.stringify(measured));
}
