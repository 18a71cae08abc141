/** What this folder uses of pdfkit, which has no types of its own. */
declare module 'pdfkit' {
  type Colour = readonly [red: number, green: number, blue: number] | string;

  interface DocumentOptions {
    readonly size: readonly [width: number, height: number];
    readonly margin: number;
    /** Without one, the first font is that of the first text. */
    readonly font: null;
    readonly info: Readonly<Record<'Title' | 'Subject' | 'Creator', string>>;
  }

  interface TextOptions {
    readonly lineBreak: false;
    readonly baseline: 'alphabetic';
    readonly fill: boolean;
    readonly stroke: boolean;
  }

  export class PDFDocument {
    constructor(options: DocumentOptions);
    /** The current font, as fontkit reads it. */
    readonly _font: { readonly font: { hasGlyphForCodePoint(code: number): boolean } };
    on(event: 'data', heard: (chunk: Uint8Array) => void): this;
    on(event: 'end', heard: () => void): this;
    on(event: 'error', heard: (error: Error) => void): this;
    end(): void;

    save(): this;
    restore(): this;
    transform(a: number, b: number, c: number, d: number, e: number, f: number): this;

    registerFont(name: string, data: Uint8Array): this;
    font(name: string): this;
    fontSize(size: number): this;
    widthOfString(text: string): number;
    text(text: string, x: number, y: number, options: TextOptions): this;
    image(data: Uint8Array, x: number, y: number, size: { width: number; height: number }): this;

    rect(x: number, y: number, width: number, height: number): this;
    circle(x: number, y: number, radius: number): this;
    path(d: string): this;

    fillColor(colour: Colour): this;
    strokeColor(colour: Colour): this;
    fillOpacity(opacity: number): this;
    strokeOpacity(opacity: number): this;
    lineWidth(width: number): this;
    lineCap(cap: string): this;
    lineJoin(join: string): this;
    dash(lengths: readonly number[], options?: { phase?: number }): this;
    fill(): this;
    stroke(): this;
    fillAndStroke(): this;
  }
}
