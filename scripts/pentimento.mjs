#!/usr/bin/env node
// The command `pentimento`: in a clone that was not built yet, it builds first.
import { existsSync } from 'node:fs';

if (!existsSync(new URL('../dist/cli.js', import.meta.url))) await import('./build.mjs');
await import('../dist/cli.js');
