import { HOST_EXTENSION } from 'vscode-messenger-common';
import { Messenger, type VsCodeApi } from 'vscode-messenger-webview';
import type { CheckpointPageState } from '../../src/protocol/index.ts';
import type { Host } from '../panel/host.ts';
import { readPageState } from './pageState.ts';

declare const acquireVsCodeApi: () => VsCodeApi;

/** The extension host, as the page of a checkpoint sees it: it keeps a state of its own kind. */
export interface CheckpointHost extends Omit<Host, 'keptState' | 'keepState'> {
  keptState(): CheckpointPageState | null;
  keepState(state: CheckpointPageState): void;
}

/** VS Code gives its side of the page once: call this once. */
export const connectCheckpointHost = (): CheckpointHost => {
  const api = acquireVsCodeApi();
  const messenger = new Messenger(api);
  return {
    ask: (request, params) => messenger.sendRequest(request, HOST_EXTENSION, params),
    tell: (notification, params) => messenger.sendNotification(notification, HOST_EXTENSION, params),
    onTold: (notification, heard) => {
      messenger.onNotification(notification, heard);
    },
    onAsked: (request, answer) => {
      messenger.onRequest(request, answer);
    },
    start: () => messenger.start(),
    keptState: () => readPageState(api.getState()),
    keepState: (state) => api.setState(state),
  };
};

/** The same for what belongs to every page, such as the watch for failures, which keeps no state. */
export const asPlainHost = (host: CheckpointHost): Host => ({
  ...host,
  keptState: () => null,
  keepState: () => {},
});
