// Preloaded into the VS Code server: ends it with its process group when its parent was killed without being
// able to clean up.
const parent = process.ppid;
// Programs that the server forks inherit the preload; they end with the server.
if (process.argv[1]?.endsWith('server-main.js')) {
  setInterval(() => process.ppid !== parent && process.kill(0, 'SIGKILL'), 1000).unref();
}
