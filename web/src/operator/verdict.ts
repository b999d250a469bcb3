import type { History } from './history';
import type { BoardNode, BoardSale, Figures } from './types';

/** good: as it should be; idle: nothing to do; warn: look at it; bad: something is wrong. */
export type Level = 'good' | 'idle' | 'warn' | 'bad';

/** An answer: a level, and a message of the table with what fills its holes. */
export interface Answer {
  level: Level;
  text: string;
  /** A message that takes the place of the level's word. */
  word?: string;
  holes: Record<string, string | number>;
}

/** The three questions that one look must answer. */
export interface Verdict {
  selling: Answer;
  right: Answer;
  stuck: Answer[];
}

/** A claim that waits longer than this for its order is stuck. */
const LONG_QUEUE_MS = 10_000;

const answer = (level: Level, text: string, holes: Answer['holes'] = {}): Answer => ({ level, text, holes });

/** Judges what is known; null where there is nothing to judge yet. */
export function judge(figures: Figures, history: History): Verdict {
  return { selling: selling(figures, history), right: right(figures), stuck: stuck(figures, history) };
}

function selling({ sales }: Figures, history: History): Answer {
  const open = sales.filter((sale) => sale.state === 'open');
  const shut = open.find((sale) => sale.gate !== 'open');
  if (shut) return answer('bad', shut.gate === null ? 'gateUnknown' : 'gateShut', { sale: shut.title });
  if (open.length > 0) {
    const perSecond = open.reduce((sum, sale) => sum + (history.of(sale.id).recent('admitted') ?? 0), 0);
    if (perSecond >= 0.05) return answer('good', 'sellingNow', { rate: round(perSecond) });
    return open.every((sale) => sale.gateAvailable === 0)
      ? { ...answer('good', 'soldOutNow', { sale: open[0]!.title }), word: 'selling.soldOut' }
      : answer('good', 'openQuiet', { count: open.length });
  }
  if (sales.some((sale) => sale.state === 'paused')) return answer('warn', 'allPaused');
  const next = sales.filter((sale) => sale.state === 'scheduled').sort(byOpening)[0];
  return next ? answer('idle', 'opensNext', { sale: next.title, time: next.opensAt }) : answer('idle', 'noneOpen');
}

function right({ sales }: Figures): Answer {
  const broken = sales.filter((sale) => sale.lawHolds === false || sale.lastAudit?.lawHolds === false);
  if (broken.length > 0) return answer('bad', 'lawBroken', { sale: broken[0]!.title });
  if (sales.some((sale) => sale.lawHolds === null)) return answer('warn', 'lawUnknown');
  return sales.length === 0 ? answer('idle', 'lawNothing') : answer('good', 'lawHolds');
}

function stuck(figures: Figures, history: History): Answer[] {
  const found: Answer[] = [];
  const { deadLetters, nodes, sales, unsettledPayments: unsettled } = figures;
  const oldest = Math.max(0, ...sales.map((sale) => sale.queueAgeMs ?? 0));
  if (deadLetters) found.push(answer('bad', 'stuckLetters', { count: atMost(deadLetters) }));
  if (oldest > LONG_QUEUE_MS) found.push(answer('bad', 'stuckQueue', { seconds: Math.round(oldest / 1000) }));
  if (nodes && !nodes.some((node) => isWell(node) && node.roles.includes('worker'))) {
    found.push(answer('bad', 'stuckNoWorker'));
  }
  const ill = (nodes ?? []).filter((node) => !isWell(node));
  if (ill.length > 0) found.push(answer('warn', 'stuckNodes', { count: ill.length, name: ill[0]!.name }));
  if (deadLetters === null || nodes === null || unsettled === null || sales.some((sale) => sale.reserved === null)) {
    found.push(answer('bad', 'stuckStore'));
  }
  if (unsettled && history.isSettlingLong) found.push(answer('warn', 'stuckPayments', { count: atMost(unsettled) }));
  if (found.length > 0) return found;
  const settling = unsettled ? [answer('good', 'settling', { count: atMost(unsettled) })] : [];
  return [answer('good', 'stuckNothing'), ...settling];
}

/** Whether a node lives and is ready. */
export function isWell(node: BoardNode): boolean {
  return node.status === 'live' && node.ready;
}

/** By how much they matter: open before paused before what opens next; what is over comes last. */
export function byWeight(sales: readonly BoardSale[]): BoardSale[] {
  const rank = { open: 0, paused: 1, scheduled: 2, closed: 3 };
  return [...sales].sort((a, b) => rank[a.state] - rank[b.state]);
}

/** The server counts no further than this. */
export function atMost(count: number): string {
  return count >= 100 ? '100+' : String(count);
}

function byOpening(a: BoardSale, b: BoardSale): number {
  return Date.parse(a.opensAt) - Date.parse(b.opensAt);
}

function round(value: number): number {
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
}
