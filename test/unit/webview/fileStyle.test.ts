import { describe, expect, it } from 'vitest';
import { fileStyle } from '../../../webview/figures/fileStyle.ts';

describe('the style of the files of a page', () => {
  it('is as it was before a reload, and the default where that makes no sense', () => {
    fileStyle.restore(JSON.parse('{"width":"twoColumns","textSize":9,"highlight":true}'));
    expect(fileStyle.current()).toEqual({ width: 'twoColumns', textSize: 9, highlight: true });
    fileStyle.restore({ width: 'wide', textSize: 9 });
    expect(fileStyle.current()).toEqual({ width: 'shown', textSize: 9, highlight: false });
    fileStyle.restore(undefined);
    expect(fileStyle.current()).toEqual({ width: 'shown', textSize: null, highlight: false });
  });

  it('changes one by one, and those who keep it hear of it', () => {
    fileStyle.restore(null);
    const heard: unknown[] = [];
    fileStyle.subscribe(() => heard.push(fileStyle.current()));
    fileStyle.change({ width: 'oneColumn' });
    fileStyle.change({ textSize: 7 });
    expect(heard).toEqual([
      { width: 'oneColumn', textSize: null, highlight: false },
      { width: 'oneColumn', textSize: 7, highlight: false },
    ]);
  });
});
