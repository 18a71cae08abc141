/** Names of XML vocabularies: they look like addresses, but are never opened. */
const VOCABULARIES = new Set([
  'http://www.w3.org/1999/xhtml',
  'http://www.w3.org/1999/xlink',
  'http://www.w3.org/2000/svg',
  'http://www.w3.org/2000/xmlns/',
  'http://www.w3.org/XML/1998/namespace',
]);

const STYLE = /(<style\b[^>]*>)(.*?)<\/style>/gis;
const SCRIPT = /(<script\b[^>]*>)(.*?)<\/script>/gis;

/** What a style sheet loads; `url(#id)` is in the page itself. */
const IN_STYLE = /@import\b|\burl\((?!\s*["']?#)[^)]*\)?|\bimage-set\(/gi;
const IN_MARKUP =
  /<(?:link|img|iframe|frame|object|embed|base|audio|video|source)\b[^>]*>|\s(?:src|srcset|href|xlink:href|data|poster|background|ping|style)\s*=[^>]*/gi;
const IN_SCRIPT =
  /\b(?:fetch|importScripts|import|eval)\(|\bnew Function\b|\b(?:XMLHttpRequest|WebSocket|EventSource|sendBeacon)\b/g;
const ADDRESS = /\b(?:https?|wss?|ftp|file):\/\/[^"'`)\s<>\\]*|["'`(=]\/\/[a-z0-9-]+\.[^"'`)\s<>]*/gi;

const found = (text: string, pattern: RegExp): string[] => text.match(pattern) ?? [];

/** Everything with which an HTML page could access something outside itself, as written. */
export const loadsOf = (html: string): string[] => {
  const bodies = (pattern: RegExp): string =>
    [...html.matchAll(pattern)].map(([, , body]) => body).join('\n');
  const programs = [...html.matchAll(SCRIPT)].filter(([, open]) => !open.includes('application/json'));
  // The start tags are kept, because a script may have a source.
  const markup = html.replace(SCRIPT, '$1').replace(STYLE, '$1');
  return [
    ...found(bodies(STYLE), IN_STYLE),
    ...found(markup, IN_MARKUP),
    ...programs.flatMap(([, , body]) => found(body, IN_SCRIPT)),
    ...found(html, ADDRESS).filter((address) => !VOCABULARIES.has(address)),
  ];
};
