// Measures how fast a webview draws while the pointer moves over one of its elements.

const byRank = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

/** Records the time between animation frames, in ms, until it is stopped. */
function startRecording() {
  const intervals = [];
  let last;
  const tick = (now) => {
    if (last !== undefined) intervals.push(now - last);
    last = now;
    globalThis.frameRecording.handle = requestAnimationFrame(tick);
  };
  globalThis.frameRecording = { intervals, handle: requestAnimationFrame(tick) };
}

function stopRecording() {
  const { intervals, handle } = globalThis.frameRecording;
  cancelAnimationFrame(handle);
  delete globalThis.frameRecording;
  return intervals;
}

/** Moves the pointer on a closed curve that crosses the whole box. */
async function wander(page, box, milliseconds) {
  const start = Date.now();
  for (let time = 0; time < milliseconds; time = Date.now() - start) {
    const x = box.x + box.width * (0.5 + 0.45 * Math.sin(time / 160));
    const y = box.y + box.height * (0.5 + 0.45 * Math.sin(time / 110));
    await page.mouse.move(x, y);
  }
}

/**
 * Moves the pointer over `selector` in a frame for `milliseconds`.
 * Returns the number of animation frames, the median rate in frames per second, and the interval in ms that 95 % of
 * the frames stay below.
 */
export async function frameRate(page, frame, { selector, milliseconds = 2000 }) {
  const box = await frame.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`'${selector}' is not in sight, so the pointer cannot move over it`);
  await frame.evaluate(startRecording);
  await wander(page, box, milliseconds);
  const intervals = await frame.evaluate(stopRecording);
  if (intervals.length === 0) throw new Error(`no frame was drawn in ${milliseconds} ms`);
  const sorted = intervals.sort((a, b) => a - b);
  return {
    frames: sorted.length,
    framesPerSecond: 1000 / byRank(sorted, 0.5),
    slowInterval: byRank(sorted, 0.95),
  };
}
