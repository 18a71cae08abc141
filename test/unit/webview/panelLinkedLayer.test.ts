import { describe, expect, it } from 'vitest';
import { createLayerSelection } from '../../../webview/figures/layerSelection.ts';
import { linkLayer } from '../../../webview/panel/linkedLayer.ts';

const linked = (initial: string | null = null) => {
  const selection = createLayerSelection(initial);
  const sent: (string | null)[] = [];
  const link = linkLayer(selection, (layer) => sent.push(layer));
  return { selection, sent, link };
};

describe('the linked layer', () => {
  it('sends a change that was made here', () => {
    const { selection, sent } = linked();
    selection.select('conv1');
    selection.select(null);
    expect(sent).toEqual(['conv1', null]);
  });

  it('takes over a change from outside and does not send it back', () => {
    const { selection, sent, link } = linked('conv1');
    link.receive('conv2');
    link.receive(null);
    expect(selection.current()).toBeNull();
    expect(sent).toEqual([]);
  });

  it('sends again once the layer of the outside is left', () => {
    const { selection, sent, link } = linked();
    link.receive('conv2');
    selection.select('conv3');
    selection.select('conv2');
    expect(sent).toEqual(['conv3', 'conv2']);
  });

  it('sends what a listener makes of a change from outside', () => {
    const { selection, sent, link } = linked();
    selection.subscribe((layer) => layer === 'gone' && selection.select('conv1'));
    link.receive('gone');
    expect(sent).toEqual(['conv1']);
  });

  it('lets two pages that are joined come to rest', () => {
    const [a, b] = [createLayerSelection(), createLayerSelection()];
    let messages = 0;
    const toB = linkLayer(a, (layer) => {
      messages++;
      fromA.receive(layer);
    });
    const fromA = linkLayer(b, (layer) => {
      messages++;
      toB.receive(layer);
    });
    a.select('conv1');
    b.select('conv2');
    expect([a.current(), b.current(), messages]).toEqual(['conv2', 'conv2', 2]);
  });
});
