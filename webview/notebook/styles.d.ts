/** A style sheet with its imports, as a text: scripts/build-webview.mjs puts it into the bundle. */
declare module '*.css' {
  const text: string;
  export default text;
}
