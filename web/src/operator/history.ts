import type { BoardSale, Figures } from './types';

/** Seconds that plots show. */
export const SPAN = 600;

/** Payments that are settled as fast as they come may be seen so many looks in a row. */
const SETTLING = 30;

/** Without a word for so many seconds a line is broken: nobody knows what was meanwhile. */
const GAP = 5;

type Value = number | null;

/** Lines over time, all as long as the times; null where nothing is known. */
export class Lines {
  readonly times: number[] = [];
  readonly values = new Map<string, Value[]>();

  /** Adds a moment; a line that is new was nothing before, and one that is left out is not known. */
  add(time: number, values: Readonly<Record<string, Value>>): void {
    for (const name of Object.keys(values)) {
      if (!this.values.has(name)) this.values.set(name, this.times.map(() => null));
    }
    this.times.push(time);
    for (const [name, line] of this.values) line.push(values[name] ?? null);
    while (this.times.length > 0 && this.times[0]! < time - SPAN) {
      this.times.shift();
      for (const line of this.values.values()) line.shift();
    }
  }

  /** A line; all unknown where there is none of that name. */
  line(name: string): Value[] {
    return this.values.get(name) ?? this.times.map(() => null);
  }

  /** The last value of a line that is known now. */
  last(name: string): Value {
    return this.line(name).at(-1) ?? null;
  }
}

/** What a counter grew by in a second; null where it began anew, as it does where a node has ended. */
export function rate(before: number | undefined, now: number, seconds: number): Value {
  const grown = now - (before ?? 0);
  return grown < 0 || seconds <= 0 ? null : grown / seconds;
}

/** One sale over time. */
export class Track {
  readonly lines = new Lines();
  private before: { time: number; sale: BoardSale } | null = null;

  /** The reasons for which claims were refused so far. */
  get reasons(): string[] {
    return [...this.lines.values.keys()].filter((name) => name.startsWith('refused:')).map((name) => name.slice(8));
  }

  add(time: number, sale: BoardSale): void {
    const { before } = this;
    if (before && time <= before.time) return;
    if (before && time - before.time > GAP) this.lines.add(before.time + 1, {});
    const isNext = before !== null && time - before.time <= GAP;
    this.lines.add(time, { ...stock(sale), ...(isNext ? rates(before.sale, sale, time - before.time) : {}) });
    this.before = { time, sale };
  }

  /** Claims a second of late, over so many seconds; null where nothing is known. */
  recent(name: string, seconds = 5): Value {
    const known = this.lines.line(name).slice(-seconds).filter((value): value is number => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  }
}

/** All sales over time, as long as the page is open. */
export class History {
  private readonly tracks = new Map<string, Track>();
  private unsettledSince: number | null = null;
  private time = 0;

  /** Whether there were payments to settle in every look of late: then none of them may be settled. */
  get isSettlingLong(): boolean {
    return this.unsettledSince !== null && this.time - this.unsettledSince >= SETTLING;
  }

  add(figures: Figures): void {
    const time = Date.parse(figures.now) / 1000;
    this.time = time;
    this.unsettledSince = figures.unsettledPayments ? (this.unsettledSince ?? time) : null;
    for (const sale of figures.sales) {
      if (!this.tracks.has(sale.id)) this.tracks.set(sale.id, new Track());
      this.tracks.get(sale.id)!.add(time, sale);
    }
  }

  of(sale: string): Track {
    return this.tracks.get(sale) ?? new Track();
  }
}

function stock(sale: BoardSale): Record<string, Value> {
  return {
    available: sale.available,
    gate: sale.gateAvailable,
    reserved: sale.reserved,
    sold: sale.sold,
    queued: sale.queued,
    expiring: sale.expiringSoon,
    queueAge: sale.queueAgeMs === null ? null : sale.queueAgeMs / 1000,
  };
}

function rates(before: BoardSale, now: BoardSale, seconds: number): Record<string, Value> {
  const all: Record<string, Value> = {
    claims: rate(before.claims.total, now.claims.total, seconds),
    admitted: rate(before.claims.admitted, now.claims.admitted, seconds),
  };
  for (const [reason, count] of Object.entries(now.claims.refused)) {
    all[`refused:${reason}`] = rate(before.claims.refused[reason], count, seconds);
  }
  return all;
}
