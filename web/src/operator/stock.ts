import { h, setAttribute, setText } from '../shared/dom';
import type { Speech } from './speech';
import type { BoardSale } from './types';

const PARTS = ['sold', 'reserved', 'queued', 'free'] as const;

/** A sale's units as one bar: sold, reserved, on their way, and free. */
export class StockBar {
  readonly element: HTMLElement;
  private readonly parts = PARTS.map((part) => h('span', { class: `part ${part}` }));
  private readonly bar = h('div', { class: 'bar', role: 'img' }, ...this.parts);
  private readonly numbers = PARTS.map(() => h('dd', {}));
  private readonly rows: HTMLElement[];

  /** @param withNumbers Whether the numbers stand below it. */
  constructor(private readonly speech: Speech, withNumbers: boolean) {
    this.rows = PARTS.map((part, i) =>
      h('div', {}, h('dt', {}, h('span', { class: `swatch ${part}` }), speech.t(part)), this.numbers[i]!));
    this.element = h(
      'div', { class: 'stock' }, this.bar, withNumbers && h('dl', { class: 'units' }, ...this.rows));
  }

  update(sale: BoardSale): void {
    const queued = Math.min(sale.queued ?? 0, sale.available ?? 0);
    const units = sale.available === null
      ? PARTS.map(() => null)
      : [sale.sold, sale.reserved, queued, sale.available - queued];
    const words = PARTS.map((part, i) => `${this.speech.t(part)} ${this.speech.number(units[i])}`).join(', ');
    setAttribute(this.bar, 'aria-label', words);
    this.parts.forEach((part, i) => {
      part.style.flexGrow = String(units[i] ?? 0);
      part.hidden = !units[i];
    });
    this.numbers.forEach((number, i) => setText(number, this.speech.number(units[i])));
    this.rows[2]!.hidden = queued === 0;
  }
}
