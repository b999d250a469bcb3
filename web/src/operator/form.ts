import type { Problem, Sale, SaleState } from './types';

/** What is typed into the form of a sale, as text. */
export interface Typed {
  id: string;
  title: string;
  description: string;
  imageUrl: string;
  quantity: string;
  price: string;
  currency: string;
  opensAt: string;
  closesAt: string;
  perBuyerLimit: string;
  windowAmount: string;
  windowUnit: 'S' | 'M' | 'H';
  requirePurchaseToken: boolean;
}

export type Field = keyof Typed;

/** What is not right: a message of the table with what fills its holes, by field. */
export type Faults = Partial<Record<Field, { text: string; holes?: Record<string, string | number> }>>;

/** Terms that may change only before a sale opens. */
export const ONLY_SCHEDULED: readonly Field[] =
  ['price', 'currency', 'opensAt', 'perBuyerLimit', 'requirePurchaseToken'];

/** Terms that never change. */
export const NEVER: readonly Field[] = ['id', 'quantity'];

const MOST_UNITS = 100_000_000;
const MOST_MINOR = 10_000_000_000;
const UNIT_SECONDS = { S: 1, M: 60, H: 3600 };

/** A new sale: it opens in ten minutes. */
export function blank(now: Date): Typed {
  const opens = new Date(now.getTime() + 10 * 60_000);
  opens.setSeconds(0, 0);
  return {
    id: '', title: '', description: '', imageUrl: '', quantity: '100', price: '', currency: 'EUR',
    opensAt: toLocal(opens), closesAt: '', perBuyerLimit: '1', windowAmount: '10', windowUnit: 'M',
    requirePurchaseToken: true,
  };
}

/** A sale's terms as they would be typed. */
export function typedOf(sale: Sale): Typed {
  const seconds = readDuration(sale.paymentWindow) ?? 600;
  const windowUnit = seconds % 3600 === 0 ? 'H' : seconds % 60 === 0 ? 'M' : 'S';
  const digits = digitsOf(sale.price.currency);
  return {
    id: sale.id, title: sale.title, description: sale.description ?? '', imageUrl: sale.imageUrl ?? '',
    quantity: String(sale.quantity), price: (sale.price.amount / 10 ** digits).toFixed(digits),
    currency: sale.price.currency, opensAt: toLocal(new Date(sale.opensAt)),
    closesAt: sale.closesAt === null ? '' : toLocal(new Date(sale.closesAt)),
    perBuyerLimit: String(sale.perBuyerLimit), windowAmount: String(seconds / UNIT_SECONDS[windowUnit]), windowUnit,
    requirePurchaseToken: sale.requirePurchaseToken,
  };
}

/** The server's own rules, so that a person need not ask it. */
export function check(typed: Typed): Faults {
  const faults: Faults = {};
  const units = { min: 1, max: MOST_UNITS };
  if (typed.id && !/^[a-z0-9][a-z0-9-]{0,63}$/.test(typed.id)) faults.id = { text: 'badId' };
  if (!isText(typed.title, 200, false)) faults.title = { text: 'badText', holes: { max: 200 } };
  if (typed.description && !isText(typed.description, 4000, true)) {
    faults.description = { text: 'badText', holes: { max: 4000 } };
  }
  if (typed.imageUrl && !isWebAddress(typed.imageUrl)) faults.imageUrl = { text: 'badUrl' };
  if (whole(typed.quantity, 1, MOST_UNITS) === null) faults.quantity = { text: 'badWhole', holes: units };
  if (!/^[A-Z]{3}$/.test(typed.currency)) faults.currency = { text: 'badCurrency' };
  else if (minorUnits(typed.price, typed.currency) === null) {
    faults.price = { text: 'badPrice', holes: { digits: digitsOf(typed.currency) } };
  }
  if (Number.isNaN(Date.parse(typed.opensAt))) faults.opensAt = { text: 'badTime' };
  if (typed.closesAt && !(Date.parse(typed.closesAt) > Date.parse(typed.opensAt))) {
    faults.closesAt = { text: 'badClose' };
  }
  if (whole(typed.perBuyerLimit, 1, MOST_UNITS) === null) faults.perBuyerLimit = { text: 'badWhole', holes: units };
  const window = whole(typed.windowAmount, 1, 86_400);
  if (window === null || window * UNIT_SECONDS[typed.windowUnit] > 86_400) faults.windowAmount = { text: 'badWindow' };
  return faults;
}

/** The body of the creating call; only for what was checked. */
export function toBody(typed: Typed): Record<string, unknown> {
  const body: Record<string, unknown> = {
    title: typed.title,
    quantity: Number(typed.quantity),
    price: { amount: minorUnits(typed.price, typed.currency), currency: typed.currency },
    opensAt: new Date(typed.opensAt).toISOString(),
    perBuyerLimit: Number(typed.perBuyerLimit),
    paymentWindow: `PT${Number(typed.windowAmount)}${typed.windowUnit}`,
    requirePurchaseToken: typed.requirePurchaseToken,
  };
  if (typed.id) body['id'] = typed.id;
  if (typed.description) body['description'] = typed.description;
  if (typed.imageUrl) body['imageUrl'] = typed.imageUrl;
  if (typed.closesAt) body['closesAt'] = new Date(typed.closesAt).toISOString();
  return body;
}

/** The merge patch that brings one to the other; empty where nothing differs. */
export function toPatch(before: Typed, after: Typed): Record<string, unknown> {
  const [from, to] = [toBody(before), toBody(after)];
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (JSON.stringify(from[name]) !== JSON.stringify(to[name])) patch[name] = to[name] ?? null;
  }
  return patch;
}

/** Whether a field may be changed in a sale that is so. */
export function isFixed(field: Field, state: SaleState | null): boolean {
  return state !== null && (NEVER.includes(field) || (state !== 'scheduled' && ONLY_SCHEDULED.includes(field)));
}

/** What a server has against fields, by field; what is of no field is under its own pointer. */
export function faultsOf(problem: Problem): { fields: Map<Field, string>; others: string[] } {
  const fields = new Map<Field, string>();
  const others: string[] = [];
  for (const { pointer, detail } of problem.errors ?? []) {
    const field = fieldOf(pointer);
    if (field) fields.set(field, detail);
    else others.push(detail);
  }
  return { fields, others };
}

function fieldOf(pointer: string): Field | null {
  const path = pointer.replace(/^#?\//, '');
  if (path === 'price/currency') return 'currency';
  if (path === 'price' || path === 'price/amount') return 'price';
  if (path === 'paymentWindow') return 'windowAmount';
  const plain: Field[] = [
    'id', 'title', 'description', 'imageUrl', 'quantity', 'opensAt', 'closesAt', 'perBuyerLimit',
    'requirePurchaseToken',
  ];
  return plain.find((field) => field === path) ?? null;
}

/** An amount in minor units; null where it is none. */
export function minorUnits(text: string, currency: string): number | null {
  const match = /^(\d{1,11})(?:[.,](\d+))?$/.exec(text.trim());
  const digits = digitsOf(currency);
  if (!match || (match[2] ?? '').length > digits) return null;
  const amount = Number(match[1]) * 10 ** digits + Number((match[2] ?? '').padEnd(digits, '0') || 0);
  return amount <= MOST_MINOR ? amount : null;
}

/** How many digits a currency has behind the point. */
export function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** Seconds of a duration as ISO 8601 has it. */
export function readDuration(text: string): number | null {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (!match) return null;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return days! * 86_400 + hours! * 3600 + minutes! * 60 + seconds!;
}

/** A moment as an input of the device's own time has it. */
export function toLocal(time: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date}T${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

function whole(text: string, min: number, max: number): number | null {
  const number = /^\d{1,10}$/.test(text.trim()) ? Number(text) : NaN;
  return number >= min && number <= max ? number : null;
}

function isText(text: string, max: number, hasLines: boolean): boolean {
  const control = hasLines ? /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/ : /[\0-\x1f\x7f-\x9f]/;
  return text.trim() !== '' && text.length <= max && !control.test(text);
}

function isWebAddress(text: string): boolean {
  try {
    return text.length <= 2000 && /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}
