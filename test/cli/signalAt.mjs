// Preloaded into a command under test (`node --import`): sends a signal to the process itself at one of its file
// operations, so that a kill or an interruption happens at the same place every time, however busy the machine
// is. PENTIMENTO_TEST_SIGNAL is JSON: {signal, nth, of, thread}. The signal is sent before the nth operation
// whose description (`rename /path`, `write`) contains `of`, in the main thread or in a worker.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const { signal, nth, of = '', thread = 'main' } = JSON.parse(process.env.PENTIMENTO_TEST_SIGNAL);
let seen = 0;

const note = (description) => {
  if (description.includes(of) && ++seen === nth) process.kill(process.pid, signal);
};

/** A truncated write leaves its first half. */
const cutWrite = async (handle, write, data) => {
  if ('write'.includes(of) && signal === 'SIGKILL' && seen + 1 === nth && data.length > 1)
    await write.call(handle, data.slice(0, data.length >> 1));
  note('write');
};

const watchHandle = (handle) => {
  const { writeFile, sync } = handle;
  handle.writeFile = async (data, ...rest) => {
    await cutWrite(handle, writeFile, data);
    return writeFile.call(handle, data, ...rest);
  };
  handle.sync = (...rest) => {
    note('sync');
    return sync.apply(handle, rest);
  };
  return handle;
};

if (isMainThread === (thread === 'main')) {
  const { open, rename, unlink, appendFile, truncate, mkdir } = fs.promises;
  const watched = { rename, unlink, appendFile, truncate, mkdir };
  for (const [name, original] of Object.entries(watched)) {
    fs.promises[name] = (...args) => {
      note(`${name} ${args[0]}`);
      return original(...args);
    };
  }
  fs.promises.open = async (...args) => {
    note(`open ${args[0]} ${args[1] ?? 'r'}`);
    return watchHandle(await open(...args));
  };
  syncBuiltinESMExports();
}
