import type { Box } from './cellGrid.ts';

/** Diagonal lines on a ground, a line every `period` px. */
export interface Hatching {
  readonly period: number;
  readonly ground: string;
  readonly line: string;
}

/** A colour, or the hatching of a surface. */
export type Ink = string | object;

/** What figures paint cells with: the part of a canvas's context that can also be recorded as shapes of a file. */
export interface Pen {
  fillStyle: Ink;
  strokeStyle: Ink;
  lineWidth: number;
  fillRect(x: number, y: number, width: number, height: number): void;
  strokeRect(x: number, y: number, width: number, height: number): void;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  fill(): void;
  stroke(): void;
}

/** What a pen paints on. */
export interface Surface {
  /** Steps per px, for edges that fall on whole pixels: of a screen, or the precision of a file. */
  readonly scale: number;
  hatching(hatching: Hatching): Ink;
  /** Fills a cell, under what the pen has painted there. */
  fillCell(cell: Box, colour: string): void;
}
