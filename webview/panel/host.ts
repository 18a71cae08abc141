import { HOST_EXTENSION, type NotificationType, type RequestType } from 'vscode-messenger-common';
import { Messenger, type VsCodeApi } from 'vscode-messenger-webview';
import { releaseServiceWorker } from './serviceWorker.ts';

declare const acquireVsCodeApi: () => VsCodeApi;

/** The extension host, as a page sees it. */
export interface Host {
  ask<Params, Result>(request: RequestType<Params, Result>, params?: Params): Promise<Result>;
  tell<Params>(notification: NotificationType<Params>, params: Params): void;
  onTold<Params>(notification: NotificationType<Params>, heard: (params: Params) => void): void;
  onAsked<Params, Result>(
    request: RequestType<Params, Result>,
    answer: (params: Params) => Result | Promise<Result>,
  ): void;
  /** Messages are heard from here on: call it when every listener is set. */
  start(): void;
}

/** A host that keeps the page's state over a reload. */
export interface StatefulHost<State> extends Host {
  /** What `keepState` kept before the page was reloaded; null when there is nothing that this version can read. */
  keptState(): State | null;
  keepState(state: State): void;
}

/** VS Code gives its side of the page once: call this once. `readState` takes what was kept, or null if it cannot. */
export const connectHost = <State>(readState: (kept: unknown) => State | null): StatefulHost<State> => {
  const api = acquireVsCodeApi();
  void releaseServiceWorker(window);
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
    keptState: () => readState(api.getState()),
    keepState: (state) => api.setState(state),
  };
};
