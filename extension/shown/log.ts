import { type Disposable, window } from 'vscode';
import { logText } from './text.ts';

/** The log for troubleshooting. */
export interface Log extends Disposable {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** Brings it to the front. */
  show(): void;
}

/** The log of this extension in the Output view, without hidden characters in its lines. */
export const createLog = (name: string): Log => {
  const channel = window.createOutputChannel(name, { log: true });
  return {
    debug: (text) => channel.debug(logText(text)),
    info: (text) => channel.info(logText(text)),
    warn: (text) => channel.warn(logText(text)),
    error: (text) => channel.error(logText(text)),
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
};
