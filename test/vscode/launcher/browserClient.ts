// Lets a suite inside VS Code control the page that shows it. operations.mjs is the other side.

/** One webview: its title, the data attributes of its body, and whether it is visible. */
export interface Webview {
  title: string;
  visible: boolean;
  data: Record<string, string>;
}

/** A rule of axe-core that the page violates, with the violating elements. */
export interface Violation {
  id: string;
  impact: 'minor' | 'moderate' | 'serious' | 'critical' | null;
  help: string;
  nodes: { target: string; html: string; summary: string }[];
}

/** Frame rate of a webview: frames counted, median rate, and the interval in ms that 95 % of the frames stay below. */
export interface FrameRate {
  frames: number;
  framesPerSecond: number;
  slowInterval: number;
}

/** An element: the first that matches the CSS selector, in a webview or, without one, in the workbench. */
export interface Place {
  webview?: string;
  selector: string;
}

/** Some options of `axe.run`. */
interface AxeOptions {
  runOnly?: { type: 'tag' | 'rule'; values: string[] };
  rules?: Record<string, { enabled: boolean }>;
}

async function ask<T>(operation: string, request: object = {}): Promise<T> {
  const url = process.env.PENTIMENTO_TEST_BROWSER;
  if (url === undefined)
    throw new Error('PENTIMENTO_TEST_BROWSER is not set: start the suite with runSuite.');
  const response = await fetch(url, { method: 'POST', body: JSON.stringify({ operation, ...request }) });
  const { result, error } = (await response.json()) as { result: T; error?: string };
  if (error !== undefined) throw new Error(`${operation}: ${error}`);
  return result;
}

/** All webviews, including hidden ones. */
export const webviews = () => ask<Webview[]>('webviews');

/** Value of a JavaScript expression in the visible webview with `data-page` NAME; a promise is awaited. */
export const evaluate = <T>(webview: string, expression: string) =>
  ask<T>('evaluate', { webview, expression });

/** The same in the page of the workbench. */
export const evaluateWorkbench = <T>(expression: string) => ask<T>('evaluateWorkbench', { expression });

/** The same in the frame that VS Code loads around the extension's document. */
export const evaluateAround = <T>(webview: string, expression: string) =>
  ask<T>('evaluateAround', { webview, expression });

/** Where axe-core looks in a webview, and for what. */
export interface AxeScope {
  options?: AxeOptions;
  /** The colour under the page; the editor's by default. */
  background?: string;
  /** A CSS selector; the whole document by default. */
  within?: string;
}

/** Violations that axe-core finds in a webview. */
export const axe = (webview: string, scope: AxeScope = {}) => ask<Violation[]>('axe', { webview, ...scope });

/** Presses a key or chord at the focus, with Playwright's names: `Tab`, `Control+Shift+P`. */
export const press = (key: string) => ask<null>('press', { key });

/** Clicks an element. */
export const click = (place: Place, how: { button?: 'left' | 'right'; clickCount?: number } = {}) =>
  ask<null>('click', { ...place, ...how });

/** Moves the pointer over an element. */
export const hover = (place: Place) => ask<null>('hover', place);

/** Text of the first element of the workbench that matches; waits for it. */
export const workbenchText = (selector: string) => ask<string>('workbenchText', { selector });

/** Writes a PNG of the window, or of one element. */
export const screenshot = (path: string, place?: Place) => ask<null>('screenshot', { path, ...place });

/** Moves the pointer over an element of a webview for a time in ms, and measures how fast the webview draws. */
export const frames = (webview: string, selector: string, milliseconds: number) =>
  ask<FrameRate>('frames', { webview, selector, milliseconds });
