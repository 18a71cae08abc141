import { HOST_EXTENSION, type NotificationType, type RequestType } from 'vscode-messenger-common';
import { Messenger, type VsCodeApi } from 'vscode-messenger-webview';
import { fileStyle } from '../figures/fileStyle.ts';
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
  /** Starts receiving messages: call it after setting every listener. */
  start(): void;
}

/** A host that keeps the page's state across a reload. */
export interface StatefulHost<State> extends Host {
  /** What `keepState` kept before the page was reloaded; null if there is nothing that this version can read. */
  keptState(): State | null;
  keepState(state: State): void;
}

/** The style of files that the user last chose on another page; the host writes it into the page. */
const styleOfSession = (): unknown => {
  const written = document.getElementById('panel')?.dataset.figureStyle;
  return written === undefined ? null : JSON.parse(written);
};

/** VS Code provides its API once per page, so call this only once. `readState` parses the kept state, or returns null. */
export const connectHost = <State>(readState: (kept: unknown) => State | null): StatefulHost<State> => {
  const api = acquireVsCodeApi();
  void releaseServiceWorker(window);
  const messenger = new Messenger(api);
  const kept = api.getState();
  let state: State | null = readState(kept);
  fileStyle.restore((kept as { fileStyle?: unknown } | null | undefined)?.fileStyle ?? styleOfSession());
  // The style of files is kept beside the state of any page.
  const keep = (): void => api.setState({ ...state, fileStyle: fileStyle.current() });
  fileStyle.subscribe(keep);
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
    keptState: () => state,
    keepState: (next) => {
      state = next;
      keep();
    },
  };
};
