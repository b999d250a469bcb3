import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { h, setText } from '../shared/dom';
import { SPAN, type Lines } from './history';
import type { Speech } from './speech';

/** A line of a plot: its name in the history, what it is called, and its colour by its custom property. */
export interface Line {
  name: string;
  label: string;
  colour: string;
  dash?: number[];
  fill?: boolean;
}

const HEIGHT = 160;

/** One plot over time with its legend, which says the last values in words that can be read aloud. */
export class Plot {
  readonly element: HTMLElement;
  private readonly canvas = h('div', { class: 'canvas', 'aria-hidden': 'true' });
  private readonly legend = h('ul', { class: 'legend' });
  private readonly empty: HTMLElement;
  private chart: uPlot | null = null;
  private lines: readonly Line[] = [];
  private items: HTMLElement[] = [];
  private history: Lines | null = null;

  /** @param empty What is said while there is no line. */
  constructor(private readonly speech: Speech, title: string, private readonly unit: string, empty: string) {
    const id = `plot-${Math.random().toString(36).slice(2)}`;
    this.empty = h('p', { class: 'empty' }, empty);
    this.element = h(
      'figure', { class: 'plot', 'aria-labelledby': id },
      h('figcaption', {}, h('h3', { id }, title), this.legend), this.canvas, this.empty);
    new ResizeObserver(() => this.fit()).observe(this.canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.forget());
  }

  /** Shows lines of a history as they are now. */
  show(history: Lines, lines: readonly Line[]): void {
    if (lines.length !== this.lines.length || lines.some((line, i) => line.name !== this.lines[i]!.name)) {
      this.begin(lines);
    }
    this.history = history;
    this.tell(null);
    this.empty.hidden = lines.length > 0 && history.times.length > 1;
    this.canvas.hidden = !this.empty.hidden;
    if (this.canvas.hidden || this.canvas.clientWidth === 0) return;
    this.chart ??= new uPlot(this.options(), [[], ...lines.map(() => [])], this.canvas);
    const end = history.times.at(-1)!;
    const begin = Math.max(end - SPAN, Math.min(history.times[0]!, end - 60));
    this.chart.setData([history.times, ...lines.map((line) => history.line(line.name))], false);
    this.chart.setScale('x', { min: begin, max: end });
  }

  private begin(lines: readonly Line[]): void {
    this.forget();
    this.lines = lines;
    this.items = lines.map(() => h('b', {}));
    this.legend.replaceChildren(...lines.map((line, i) =>
      h('li', {}, h('span', { class: `swatch ${line.colour}${line.dash ? ' dashed' : ''}` }), `${line.label} `,
        this.items[i]!)));
  }

  /** Says the values of a moment, or the last ones. */
  private tell(place: number | null): void {
    this.lines.forEach(({ name }, i) => {
      const value = place === null ? this.history!.last(name) : (this.history!.line(name)[place] ?? null);
      setText(this.items[i]!, this.write(value));
    });
  }

  private write(value: number | null): string {
    return value === null ? '–' : `${this.speech.number(value)}${this.unit}`;
  }

  private fit(): void {
    const width = this.canvas.clientWidth;
    if (this.chart && width > 0) this.chart.setSize({ width, height: HEIGHT });
  }

  private forget(): void {
    this.chart?.destroy();
    this.chart = null;
  }

  private options(): uPlot.Options {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
    const axis = {
      stroke: colour('soft'), font: '12px system-ui, sans-serif',
      grid: { stroke: colour('line'), width: 1 }, ticks: { show: false },
    };
    const clock = (time: number) => this.speech.clock(new Date(time * 1000));
    return {
      width: this.canvas.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { sync: { key: 'sale' }, points: { size: 7 }, drag: { x: false, y: false } },
      hooks: { setCursor: [({ cursor }) => this.tell(cursor.left! < 0 ? null : cursor.idx ?? null)] },
      scales: { y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] } },
      axes: [
        { ...axis, space: 80, size: 30, values: (_, times) => times.map(clock) },
        { ...axis, size: 48, space: 28, values: (_, values) => values.map((value) => this.speech.short(value)) },
      ],
      series: [
        {},
        ...this.lines.map((line) => ({
          stroke: colour(line.colour), width: 2, points: { show: false },
          ...(line.dash ? { dash: line.dash } : {}),
          ...(line.fill ? { fill: `${colour(line.colour)}22` } : {}),
        })),
      ],
    };
  }
}
