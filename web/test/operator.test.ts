import { expect, test } from 'vitest';
import { cell, OrderFold, row } from '../src/operator/csv';
import { History, rate, SPAN } from '../src/operator/history';
import { EventParser } from '../src/operator/sse';
import { readToken, takeToken } from '../src/operator/token';
import type { BoardNode, BoardSale, Figures } from '../src/operator/types';
import { byWeight, judge } from '../src/operator/verdict';

const NOON = Date.parse('2030-06-01T12:00:00Z');

function sale(more: Partial<BoardSale> = {}): BoardSale {
  return {
    id: 'drop', title: 'Drop', state: 'open', opensAt: '2030-06-01T12:00:00Z', closesAt: null, revision: 1,
    quantity: 10, available: 10, reserved: 0, sold: 0, queued: 0, gate: 'open', gateAvailable: 10, epoch: 1,
    queueAgeMs: 0, expiringSoon: 0, lawHolds: true, lastAudit: null,
    claims: { total: 0, admitted: 0, replayed: 0, refused: {} }, ...more,
  };
}

function node(more: Partial<BoardNode> = {}): BoardNode {
  return {
    id: 'a', name: 'machine/1', roles: ['api', 'worker'], status: 'live', startedAt: '2030-06-01T11:00:00Z',
    seenAt: '2030-06-01T12:00:00Z', ready: true, reasons: [], lagMs: null, claims: 0, ...more,
  };
}

function figures(sales: BoardSale[], second = 0, more: Partial<Figures> = {}): Figures {
  return {
    type: 'figures', sales, moreSales: 0, deadLetters: 0, unsettledPayments: 0, node: 'a', nodes: [node()],
    now: new Date(NOON + second * 1000).toISOString(), ...more,
  };
}

const claims = (total: number, admitted: number, refused: Record<string, number> = {}) =>
  ({ claims: { total, admitted, replayed: 0, refused } });

test('an event stream is read whatever pieces it comes in', () => {
  const text = ': heartbeat\n\nevent: snapshot\ndata: {"a":1}\n\nevent: figures\r\ndata: x\r\ndata: y\r\n\r\n';
  const whole = [{ type: 'snapshot', data: '{"a":1}' }, { type: 'figures', data: 'x\ny' }];
  for (let size = 1; size <= text.length; size++) {
    const parser = new EventParser();
    const count = Math.ceil(text.length / size);
    const pieces = Array.from({ length: count }, (_, i) => text.slice(i * size, (i + 1) * size));
    expect([size, pieces.flatMap((piece) => parser.push(piece))]).toEqual([size, whole]);
  }
});

test('a rate is what a counter grew by, and nothing where it began anew', () => {
  expect([rate(10, 30, 2), rate(undefined, 5, 1), rate(10, 4, 1), rate(1, 2, 0)]).toEqual([10, 5, null, null]);
});

test('lines show rates by reason, break at gaps, and forget what is old', () => {
  const history = new History();
  history.add(figures([sale(claims(10, 10))], 0));
  history.add(figures([sale(claims(30, 12, { sold_out: 18 }))], 2));
  const { lines } = history.of('drop');
  expect(lines.line('claims')).toEqual([null, 10]);
  expect(lines.line('admitted')).toEqual([null, 1]);
  expect(lines.line('refused:sold_out')).toEqual([null, 9]);
  expect(history.of('drop').reasons).toEqual(['sold_out']);

  history.add(figures([sale(claims(90, 12))], 20));
  expect(lines.line('claims')).toEqual([null, 10, null, null]);
  expect(lines.times.map((time) => time - NOON / 1000)).toEqual([0, 2, 3, 20]);
  history.add(figures([sale(claims(91, 12))], SPAN + 10));
  expect(lines.times.map((time) => time - NOON / 1000)).toEqual([20, 21, SPAN + 10]);
  expect(lines.line('available')).toHaveLength(3);
});

test('the same moment told twice is one', () => {
  const history = new History();
  history.add(figures([sale()], 1));
  history.add(figures([sale()], 1));
  expect(history.of('drop').lines.times).toHaveLength(1);
});

test.each([
  ['nothing', [], 'idle', 'noneOpen'],
  ['one that is to come', [sale({ state: 'scheduled' })], 'idle', 'opensNext'],
  ['a paused one', [sale({ state: 'paused' })], 'warn', 'allPaused'],
  ['one that nobody asks for', [sale()], 'good', 'openQuiet'],
  ['a sold-out one', [sale({ gateAvailable: 0 })], 'good', 'soldOutNow'],
  ['one whose gate is shut', [sale({ gate: 'rebuilding' })], 'bad', 'gateShut'],
  ['one whose gate is silent', [sale({ gate: null })], 'bad', 'gateUnknown'],
] as const)('with %s it is said whether it sells', (_, sales, level, text) => {
  expect(judge(figures([...sales]), new History()).selling).toMatchObject({ level, text });
});

test('claims that are admitted mean that it sells', () => {
  const history = new History();
  for (const second of [0, 1, 2]) history.add(figures([sale(claims(second * 50, second * 20))], second));
  expect(judge(figures([sale()]), history).selling).toEqual({ level: 'good', text: 'sellingNow', holes: { rate: 20 } });
});

test.each([
  ['every total adds up', sale(), 'good', 'lawHolds'],
  ['a total does not', sale({ lawHolds: false }), 'bad', 'lawBroken'],
  ['an audit found something', sale({ lastAudit: { at: '', lawHolds: false, differences: 1 } }), 'bad', 'lawBroken'],
  ['the store is away', sale({ lawHolds: null }), 'warn', 'lawUnknown'],
] as const)('where %s it is said whether it is right', (_, one, level, text) => {
  expect(judge(figures([one]), new History()).right).toMatchObject({ level, text });
});

test.each([
  ['nothing is', {}, ['good stuckNothing']],
  ['letters wait', { deadLetters: 100 }, ['bad stuckLetters']],
  ['a claim waits', { sales: [sale({ queueAgeMs: 11_000 })] }, ['bad stuckQueue']],
  ['no worker lives', { nodes: [node({ roles: ['api'] })] }, ['bad stuckNoWorker']],
  ['a node is gone', { nodes: [node(), node({ id: 'b', status: 'gone' })] }, ['warn stuckNodes']],
  ['the store is away', { nodes: null, deadLetters: null }, ['bad stuckStore']],
] as const)('where %s it is said what is stuck', (_, more, expected) => {
  const { stuck } = judge(figures([sale()], 0, more as Partial<Figures>), new History());
  expect(stuck.map(({ level, text }) => `${level} ${text}`)).toEqual(expected);
});

test('payments that are settled as they come are told, and those that are not are stuck', () => {
  const history = new History();
  const told = (second: number, unsettledPayments: number) => {
    const one = figures([sale()], second, { unsettledPayments });
    history.add(one);
    return judge(one, history).stuck.map(({ level, text }) => `${level} ${text}`);
  };
  expect(told(0, 3)).toEqual(['good stuckNothing', 'good settling']);
  expect(told(20, 0)).toEqual(['good stuckNothing']);
  expect(told(25, 1)).toEqual(['good stuckNothing', 'good settling']);
  expect(told(55, 1)).toEqual(['warn stuckPayments']);
});

test('sales that are open come first, and what is over last', () => {
  const [closed, coming, open] = [sale({ id: 'a', state: 'closed' }), sale({ id: 'b', state: 'scheduled' }), sale()];
  expect(byWeight([closed, coming, open]).map((one) => one.id)).toEqual(['drop', 'b', 'a']);
});

test('a cell is text and never a formula', () => {
  expect([cell('a'), cell('a,"b"'), cell('=1+1'), cell('@x'), cell('-2'), cell(-2), cell('+x\ny'), cell(null)]).toEqual(
    ['a', '"a,""b"""', "'=1+1", "'@x", "'-2", '-2', '"\'+x\ny"', '']);
  expect(row(['a', 1, undefined])).toBe('a,1,\r\n');
});

test('a sale\'s transitions are folded into orders', () => {
  const fold = new OrderFold();
  const tell = (no: number, type: string, orderId?: string, more = {}) =>
    fold.add({ no, type, at: `t${no}`, ...(orderId ? { orderId } : {}), revision: no, ...more });
  tell(1, 'order.reserved', 'drop.A', { quantity: 2 });
  tell(2, 'order.reserved', 'drop.B', { quantity: 1 });
  tell(3, 'payment.created', 'drop.A', { paymentId: 'p' });
  tell(4, 'order.expired', 'drop.B');
  tell(5, 'order.reviving', 'drop.B', { paymentId: 'q' });
  tell(6, 'order.paid', 'drop.B', { paymentId: 'q' });
  tell(7, 'order.cancelled', 'drop.A');
  tell(8, 'sale.closed');
  expect([...fold.csv()]).toEqual([
    'orderId,status,quantity,reservedAt,paidAt,endedAt,paymentId,revision\r\n',
    'drop.A,cancelled,2,t1,,t7,,7\r\n',
    'drop.B,paid,1,t2,t6,,q,6\r\n',
  ]);
});

test('a token says who it is for and when it ends, and what is none is told', () => {
  const token = (words: unknown) =>
    `h.${btoa(unescape(encodeURIComponent(JSON.stringify(words)))).replace(/\+/g, '-').replace(/\//g, '_')}.s`;
  expect(readToken(token({ role: 'operator', exp: 2, name: '值' }))).toEqual({ isOperator: true, expiresAt: 2000 });
  expect(readToken(token({ role: ['x'] }))).toEqual({ isOperator: false, expiresAt: null });
  expect(readToken(token({}))).toEqual({ isOperator: null, expiresAt: null });
  expect([readToken('nonsense'), readToken('a.b.c')]).toEqual([null, null]);
});

test('a token that an address hands over is taken out of it', () => {
  expect(takeToken('#token=a.b.c')).toEqual({ token: 'a.b.c', rest: '' });
  expect(takeToken('#/nodes')).toBeNull();
  expect(takeToken('')).toBeNull();
});
