import type { Sign } from './board';
import type { Busy, Holder } from './holder';
import type { Model } from './model';
import type { Speech, Word } from './speech';
import { countdown, share, type Notice, type Stage } from './stage';

/** What a buyer of a sale can do, beside what is done with an order. */
export interface Deeds {
  readonly buy: (quantity: number) => void;
  /** Takes note of how many are wanted. */
  readonly choose: (quantity: number) => void;
  readonly orderHref: (orderId: string) => string;
}

const notices: Record<Notice, Word> = {
  expired: 'wasExpired', cancelled: 'wasCancelled', rejected: 'wasRejected', failed: 'wasFailed',
  'insufficient-stock': 'wasInsufficient',
};

/** What is on the page beside the stage. */
export interface Scene {
  readonly speech: Speech;
  readonly deeds: Deeds;
  readonly holder: Pick<Holder, 'busy' | 'deeds'>;
  /** How many units are wanted. */
  readonly wanted: number;
  readonly nowMs: number;
}

/** Puts a stage into words. */
export function signOf(stage: Stage, model: Model, scene: Scene): Sign {
  const { speech, deeds, nowMs } = scene;
  const say = speech.say.bind(speech);
  const { terms } = model;
  const { kind } = stage;
  const hint = model.isConnected ? '' : say('offline');
  const plain = (tone: Sign['tone'], head: Word, text: Word, button: Word): Sign => ({
    kind, tone, head: say(head), text: say(text), figure: null, level: null, links: [], hint,
    button: { text: say(button), act: null, isBusy: tone === 'wait' },
  });
  switch (stage.kind) {
    case 'loading':
      return plain('wait', 'loading', 'loadingText', 'askingButton');
    case 'countdown': {
      const { days, text } = countdown(stage.leftMs);
      return {
        ...plain('calm', 'countdown', 'countdownText', 'countdownButton'),
        text: say('countdownText', { when: speech.moment(terms.opensAt, nowMs) }),
        figure: { text: days > 0 ? `${say('days', { days })} ${text}` : text, label: say('timeLeft') },
        hint: hint || say(stage.isReady ? 'countdownReady' : 'countdownNotReady'),
      };
    }
    case 'open':
      return {
        ...plain('go', 'open', 'open', 'open'),
        text: stage.notice ? say(notices[stage.notice]) : left(stage, speech),
        level: share(stage.left, stage.of),
        ...offer(stage.most, model, scene),
        hint: hint || say(terms.perBuyerLimit === 1 ? 'openHint' : 'openHintSome', { limit: terms.perBuyerLimit }),
      };
    case 'asking':
      return plain('wait', 'asking', stage.isSlow ? 'askingSlow' : 'askingText', 'askingButton');
    case 'queued':
      return plain('wait', 'queued', 'queuedText', 'queuedButton');
    case 'reserved':
      return reserved(stage, speech, scene.holder, hint);
    case 'paid':
      return {
        ...plain('good', 'paid', 'paidText', 'seeOrder'),
        button: { text: say('seeOrder'), act: () => location.assign(deeds.orderHref(stage.order.id)) },
        links: stage.canBuyMore ? [{ text: say('buyAgain'), act: () => deeds.buy(1) }] : [],
      };
    case 'sold-out':
      return {
        ...plain('off', 'soldOut', stage.notice ? notices[stage.notice] : 'soldOutText', 'soldOutButton'),
        level: 0,
        hint: hint || (stage.notice ? say('soldOutText') : ''),
      };
    case 'limit':
      return {
        ...plain('good', 'limit', 'limitText', 'limit'),
        text: say(terms.perBuyerLimit === 1 ? 'limitText' : 'limitTextSome', { limit: terms.perBuyerLimit }),
        button: seeAny(model, speech, deeds),
      };
    case 'paused':
      return plain('off', 'paused', 'pausedText', 'pausedButton');
    case 'closed':
      return plain('off', 'closed', 'closedText', 'closedButton');
    case 'signed-out':
      return plain('off', 'signedOut', 'signedOutText', 'signedOutButton');
  }
}

/** The way to what a buyer has who may not have more. */
function seeAny(model: Model, speech: Speech, deeds: Deeds): Sign['button'] {
  const order = Object.values(model.orders).find(({ status }) => status === 'reserved' || status === 'paid');
  return order
    ? { text: speech.say('seeOrder'), act: () => location.assign(deeds.orderHref(order.id)) }
    : { text: speech.say('limit'), act: null };
}

/** The button that buys, and where a buyer may have several, how many. */
function offer(most: number, { terms }: Model, { speech, deeds, wanted }: Scene): Pick<Sign, 'button' | 'choice'> {
  const say = speech.say.bind(speech);
  const value = Math.min(wanted, most);
  const { amount, currency } = terms.price;
  const price = speech.money({ amount: amount * value, currency });
  return {
    button: {
      text: value === 1 ? say('buy', { price }) : say('buySome', { count: speech.whole(value), price }),
      act: () => deeds.buy(value),
    },
    choice: terms.perBuyerLimit === 1
      ? null
      : { value, most, label: say('copies'), fewer: say('fewer'), more: say('more'), choose: deeds.choose },
  };
}

function left(stage: { left: number; of: number }, speech: Speech): string {
  return speech.say('openText', { left: speech.whole(stage.left), of: speech.whole(stage.of) });
}

/** An order that waits for its payment, on the sale's page and on its own. */
export function reserved(
  stage: Extract<Stage, { kind: 'reserved' }>, speech: Speech,
  { busy, deeds }: { readonly busy: Busy; readonly deeds: Holder['deeds'] }, hint: string,
): Sign {
  const say = speech.say.bind(speech);
  const isOver = stage.leftMs <= 0;
  const count = stage.order.quantity ?? 1;
  const price = stage.order.amount ? speech.money(stage.order.amount) : '';
  return {
    kind: stage.kind,
    tone: 'good',
    head: isOver ? say('reservedOver')
      : count === 1 ? say('reserved')
      : say('reservedSome', { count: speech.whole(count) }),
    text: say(isOver ? 'reservedOverText'
      : busy.isUnsure ? 'giveBackSure'
      : busy.trouble ? busy.trouble
      : 'reservedText'),
    figure: isOver ? null : { text: countdown(stage.leftMs).text, label: say('timeLeft') },
    level: share(stage.leftMs, stage.ofMs),
    button: busy.isPaying
      ? { text: say('payOpening'), act: null, isBusy: true }
      : { text: say('pay', { price }), act: isOver || busy.isGivingBack ? null : deeds.pay, isBusy: busy.isGivingBack },
    links: isOver || busy.isPaying || busy.isGivingBack ? []
      : busy.isUnsure
        ? [{ text: say('giveBackYes'), act: deeds.giveBackNow }, { text: say('giveBackNo'), act: deeds.keep }]
      : [{ text: say(count === 1 ? 'giveBack' : 'giveBackSome'), act: deeds.giveBack }],
    hint,
  };
}
