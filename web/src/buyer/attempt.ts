/**
 * A try to buy, as every tab of this buyer's browser sees it. The key is kept until an order has answered it, so that
 * a click that was heard, however often it is made again, is one order.
 */
export interface Attempt {
  readonly key: string;
  /** How many units it asks for: the same key always asks for the same. */
  readonly quantity: number;
  /** Whether it was asked and not answered yet. */
  readonly isOpen: boolean;
  /** When it was asked last, by the server's clock. */
  readonly askedAt: number;
  /** The order that answered it. */
  readonly orderId: string | null;
}

/** A try that nobody answered is asked again by itself so long after its last asking, and not a day later. */
export const resumesForMs = 5 * 60_000;

/**
 * What a click comes to. An order that another tab got, and that this page had not shown when it was clicked, is the
 * answer: nobody buys a second one whom nobody told of the first. A try that still waits for its answer is asked for
 * again as it was; one that was refused may ask for another number, as another try.
 *
 * @param attempt The try that is on record.
 * @param shown The order that the page showed when it was clicked.
 * @param quantity How many units are wanted.
 * @param draw Draws a new key.
 */
export function onClick(
  attempt: Attempt | null, shown: string | null, quantity: number, now: number, draw: () => string,
): { readonly ask: Attempt } | { readonly adopt: string } {
  if (attempt?.orderId && attempt.orderId !== shown) return { adopt: attempt.orderId };
  const isSame = attempt !== null && !attempt.orderId && (attempt.quantity === quantity || resumes(attempt, now));
  const tried = isSame ? attempt : { key: draw(), quantity };
  return { ask: { key: tried.key, quantity: tried.quantity, isOpen: true, askedAt: now, orderId: null } };
}

/** Whether a page that is opened goes on asking. */
export function resumes(attempt: Attempt | null, now: number): attempt is Attempt {
  return !!attempt?.isOpen && Math.abs(now - attempt.askedAt) < resumesForMs;
}

/** The record after an answer: an order uses the key up, a refusal does not. */
export function answered(attempt: Attempt, orderId: string | null): Attempt {
  return { ...attempt, isOpen: false, orderId };
}

/** Reads a record; what is not one counts as none. */
export function parse(text: string | null): Attempt | null {
  try {
    const { key, quantity, isOpen, askedAt, orderId } = JSON.parse(text ?? 'null') ?? {};
    return typeof key === 'string' && key.length > 0 && typeof askedAt === 'number'
      ? {
        key, quantity: Number.isInteger(quantity) ? quantity : 1, isOpen: isOpen === true, askedAt,
        orderId: typeof orderId === 'string' ? orderId : null,
      }
      : null;
  } catch {
    return null;
  }
}
