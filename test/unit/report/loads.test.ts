import { describe, expect, it } from 'vitest';
import { loadsOf } from './loads.ts';

describe('loadsOf', () => {
  it.each([
    '<style>p{background:url(paper.png)}</style>',
    '<style>p{background:URL( "paper.png" )}</style>',
    '<style>@import "more.css";</style>',
    '<style>p{background:image-set("paper.png" 1x)}</style>',
    '<script src="more.js"></script>',
    '<img src=paper.png>',
    '<link rel="stylesheet" href="more.css">',
    '<a href="/elsewhere">',
    '<p style="background:url(paper.png)">',
    '<script>fetch("more.json")</script>',
    '<script>import("./more.js")</script>',
    '<script>new Image().src="https://example.org/x"</script>',
    '<script>load("//example.org/x")</script>',
    '<script>open("http://www.w3.org/2000/svg/more")</script>',
    '<p>https://example.org</p>',
  ])('sees %s', (page) => {
    expect(loadsOf(page)).not.toEqual([]);
  });

  it.each([
    '<style>p{mask:url(#shape);fill:url("#shape")}</style>',
    '<script>URL.createObjectURL(file);canvas.toDataURL("image/png");path.src=link.href</script>',
    '<script>document.createElementNS("http://www.w3.org/2000/svg","g")</script>',
    '<script type="application/json">{"name":"fetch(<img src=x>, url(x)"}</script>',
  ])('passes %s', (page) => {
    expect(loadsOf(page)).toEqual([]);
  });
});
