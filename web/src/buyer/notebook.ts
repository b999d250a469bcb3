import { agree, agreedOn, onAgreed } from '../shared/agreed';
import { ofTab } from '../shared/storage';
import { answered, onClick, parse, type Attempt } from './attempt';

/** The record of this buyer's try at a sale, which all tabs of the browser share. */
export class Notebook {
  /**
   * @param name What it is kept under: one shop, one sale, one buyer.
   * @param isKnown Whether the page itself knows the buyer; else the next to sit here may be another.
   */
  constructor(private readonly name: () => string, private readonly isKnown: () => boolean) {}

  async read(): Promise<Attempt | null> {
    return parse(await agreedOn(this.name()));
  }

  /** Puts a click on record, one tab's after the other's. */
  async click(shown: string | null, quantity: number, now: number): Promise<ReturnType<typeof onClick>> {
    const name = this.name();
    let decision!: ReturnType<typeof onClick>;
    await agree(name, (text) => {
      decision = onClick(parse(text), shown, quantity, now, () => crypto.randomUUID?.() ?? drawn());
      return 'ask' in decision ? JSON.stringify(decision.ask) : text;
    });
    if ('ask' in decision && this.isKnown()) ofTab.set(name, decision.ask.key);
    return decision;
  }

  /** Whether it was this tab that asked: no other goes on asking by itself. */
  isOwn(attempt: Attempt): boolean {
    return ofTab.get(this.name()) === attempt.key;
  }

  /** What is on record was somebody else's, or of a shop that is no more. */
  async forget(): Promise<void> {
    await agree(this.name(), () => null);
  }

  /** Puts an answer on record, unless another try has begun since. */
  async answer(attempt: Attempt, orderId: string | null): Promise<void> {
    await agree(this.name(), (text) =>
      parse(text)?.key === attempt.key ? JSON.stringify(answered(attempt, orderId)) : text);
  }

  /** Told when another tab has an order. */
  onOrder(tell: (orderId: string) => void): void {
    onAgreed(this.name, (text) => {
      const attempt = parse(text);
      if (attempt?.orderId) tell(attempt.orderId);
    });
  }
}

/** Where the page is not served securely there is no randomUUID. */
function drawn(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
