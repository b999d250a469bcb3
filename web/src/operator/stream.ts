import { backoffMs } from '../shared/backoff';
import { Refusal, type Api } from './api';
import { EventParser } from './sse';
import type { Figures } from './types';

/** Without a word for so long a connection is dead: figures come every second, or after three where a store hangs. */
const SILENCE_MS = 10_000;

/** Whether figures come; what is shown while they do not is old. */
export type Link = 'connecting' | 'live' | 'lost';

/** Follows GET /v1/live until it is stopped; comes back after a time of its own, longer after each failure. */
export class FigureStream {
  private readonly stopped = new AbortController();
  private failures = 0;

  /**
   * @param api Where to call.
   * @param sale The only sale to follow; all that are shown where null.
   */
  constructor(
    private readonly api: Api,
    private readonly sale: string | null,
    private readonly onFigures: (figures: Figures) => void,
    private readonly onLink: (link: Link) => void,
  ) {
    void this.run();
  }

  stop(): void {
    this.stopped.abort();
  }

  private async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      this.onLink(this.failures === 0 ? 'connecting' : 'lost');
      const waitMs = await this.follow();
      if (this.stopped.signal.aborted) return;
      this.failures++;
      this.onLink('lost');
      await new Promise((done) => setTimeout(done, waitMs ?? backoffMs(this.failures, 1000, 15_000)));
    }
  }

  /** Follows one connection to its end; when to come back, where the server says so. */
  private async follow(): Promise<number | null> {
    const connection = new AbortController();
    const end = () => connection.abort();
    this.stopped.signal.addEventListener('abort', end, { once: true });
    let silence = setTimeout(end, SILENCE_MS);
    let comeBackMs: number | null = null;
    try {
      const query = this.sale === null ? '' : `?saleId=${encodeURIComponent(this.sale)}`;
      const response = await this.api.open(`/v1/live${query}`, { signal: connection.signal });
      const reader = response.body!.getReader();
      const [parser, text] = [new EventParser(), new TextDecoder()];
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE_MS);
        for (const event of parser.push(text.decode(part.value, { stream: true }))) {
          const message = JSON.parse(event.data) as Figures | { type: 'drain'; retryAfterMs: number };
          if (message.type === 'drain') comeBackMs = message.retryAfterMs;
          else this.hear(message);
        }
      }
    } catch (fault) {
      if (fault instanceof Refusal && (fault.status === 401 || fault.status === 403)) this.stop();
    } finally {
      clearTimeout(silence);
      this.stopped.signal.removeEventListener('abort', end);
    }
    return comeBackMs;
  }

  private hear(figures: Figures): void {
    this.failures = 0;
    this.onLink('live');
    this.onFigures(figures);
  }
}
