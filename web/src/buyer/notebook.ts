import { ofBrowser, ofTab } from '../shared/storage';
import { answered, onClick, parse, type Attempt } from './attempt';
import { alone } from './identity';

/** The record of this buyer's try at a sale, which all tabs of the browser share. */
export class Notebook {
  /**
   * @param name What it is kept under: one shop, one sale, one buyer.
   * @param isKnown Whether the page itself knows the buyer; else the next to sit here may be another.
   */
  constructor(private readonly name: () => string, private readonly isKnown: () => boolean) {}

  read(): Attempt | null {
    return parse(ofBrowser.get(this.name()));
  }

  /** Puts a click on record, one tab at a time. */
  click(shown: string | null, quantity: number, now: number): Promise<ReturnType<typeof onClick>> {
    return alone(this.name(), async () => {
      const decision = onClick(this.read(), shown, quantity, now, () => crypto.randomUUID?.() ?? drawn());
      if ('ask' in decision) {
        this.write(decision.ask);
        if (this.isKnown()) ofTab.set(this.name(), decision.ask.key);
      }
      return decision;
    });
  }

  /** Whether it was this tab that asked: no other goes on asking by itself. */
  isOwn(attempt: Attempt): boolean {
    return ofTab.get(this.name()) === attempt.key;
  }

  /** What is on record was somebody else's, or of a shop that is no more. */
  forget(): void {
    ofBrowser.set(this.name(), null);
  }

  /** Puts an answer on record, unless another try has begun since. */
  answer(attempt: Attempt, orderId: string | null): void {
    if (this.read()?.key === attempt.key) this.write(answered(attempt, orderId));
  }

  /** Told when another tab has an order. */
  onOrder(tell: (orderId: string) => void): void {
    addEventListener('storage', (event) => {
      const attempt = event.key === this.name() ? parse(event.newValue) : null;
      if (attempt?.orderId) tell(attempt.orderId);
    });
  }

  private write(attempt: Attempt): void {
    ofBrowser.set(this.name(), JSON.stringify(attempt));
  }
}

/** Where the page is not served securely there is no randomUUID. */
function drawn(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
