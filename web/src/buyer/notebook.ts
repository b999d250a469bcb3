import { alone } from './identity';
import { answered, onClick, parse, type Attempt } from './attempt';

/** The record of this buyer's try at a sale, which all tabs of the browser share. */
export class Notebook {
  constructor(private readonly name: () => string) {}

  read(): Attempt | null {
    return parse(localStorage.getItem(this.name()));
  }

  /** Puts a click on record, one tab at a time. */
  click(shown: string | null, now: number): Promise<ReturnType<typeof onClick>> {
    return alone(this.name(), async () => {
      const decision = onClick(this.read(), shown, now, () => crypto.randomUUID?.() ?? drawn());
      if ('ask' in decision) this.write(decision.ask);
      return decision;
    });
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
    localStorage.setItem(this.name(), JSON.stringify(attempt));
  }
}

/** Where the page is not served securely there is no randomUUID. */
function drawn(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
