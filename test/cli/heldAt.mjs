// Preloaded into a command under test (`node --import`): one step of its work never ends, and when it begins the
// process sends itself SIGINT. PENTIMENTO_TEST_HOLD is JSON: {read} holds the first read of a file whose path contains
// it, {turn} the first turn of the event loop that a function of this name waits for, {open} the opening of such a
// file. With `twice` a second SIGINT is sent after the first was handled.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const { read, turn, open, twice } = JSON.parse(process.env.PENTIMENTO_TEST_HOLD);

const held = () => {
  // Pending promises alone do not keep a process alive.
  setInterval(() => {}, 2 ** 30);
  if (twice)
    process.on('removeListener', (event) => {
      if (event === 'SIGINT') process.kill(process.pid, 'SIGINT');
    });
  process.kill(process.pid, 'SIGINT');
  return new Promise(() => {});
};

if (isMainThread) {
  const original = fs.promises.open;
  fs.promises.open = async (path, ...rest) => {
    if (open !== undefined && String(path).includes(open)) return held();
    const handle = await original(path, ...rest);
    if (read !== undefined && String(path).includes(read)) handle.read = held;
    return handle;
  };
  syncBuiltinESMExports();
  const immediately = globalThis.setImmediate;
  let isHeld = false;
  if (turn !== undefined)
    globalThis.setImmediate = (...args) => {
      if (isHeld || !new Error().stack.includes(` ${turn} `)) return immediately(...args);
      isHeld = true;
      void held();
    };
}
