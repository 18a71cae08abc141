/** Colours of the current theme, for canvases and files, which style sheets do not reach. */
export interface Theme {
  readonly foreground: string;
  readonly background: string;
  readonly muted: string;
  readonly border: string;
}

/** The theme as `host` sees it, every colour resolved to `rgb(...)`. */
export const themeOf = (host: Element): Theme => {
  const probe = document.createElement('span');
  host.append(probe);
  // The colours of the style sheet already follow forced colours; forcing them again would turn all of them
  // into the text colour.
  probe.style.setProperty('forced-color-adjust', 'none');
  const colour = (name: string): string => {
    probe.style.color = `var(--pentimento-${name})`;
    return getComputedStyle(probe).color;
  };
  const theme = {
    foreground: colour('foreground'),
    background: colour('background'),
    muted: colour('muted'),
    border: colour('border'),
  };
  probe.remove();
  return theme;
};

const SCHEMES = ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-contrast: more)'];

/**
 * Calls back, at most once per frame, after the theme or the density of the screen changed; returns a
 * function that stops it.
 */
export const watchTheme = (onChange: () => void): (() => void) => {
  let pending = 0;
  const changed = (): void => {
    pending ||= requestAnimationFrame(() => {
      pending = 0;
      onChange();
    });
  };
  // VS Code exposes its theme as classes of the body and variables in the style of the root.
  const observer = new MutationObserver(changed);
  for (const root of [document.documentElement, document.body])
    observer.observe(root, { attributes: true, attributeFilter: ['class', 'style'] });
  const schemes = SCHEMES.map((query) => matchMedia(query));
  for (const scheme of schemes) scheme.addEventListener('change', changed);
  let density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const denser = (): void => {
    density.removeEventListener('change', denser);
    density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    density.addEventListener('change', denser);
    changed();
  };
  density.addEventListener('change', denser);
  return () => {
    cancelAnimationFrame(pending);
    observer.disconnect();
    for (const scheme of schemes) scheme.removeEventListener('change', changed);
    density.removeEventListener('change', denser);
  };
};
