import { backoffMs } from '../shared/backoff';
import type { LiveMessage } from './types';

/** Without a word for so long a connection is dead. */
const silenceMs = 45_000;

/** What a connection tells. */
export interface Listener {
  hear(message: LiveMessage): void;
  /** Whether the connection stands; while it does not, the page asks by itself. */
  connected(isConnected: boolean): void;
}

/**
 * The live push over a WebSocket: it comes back after growing, jittered waits, at once when the page is looked at
 * again or the network is back, and with the purchase token of the moment.
 */
export class Live {
  private socket: WebSocket | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private isWanted = false;

  /**
   * @param address The push's path.
   * @param purchaseToken The token that adds the buyer's own orders; null where there is none yet.
   * @param listener Told what comes.
   */
  constructor(
    private readonly address: string,
    private readonly purchaseToken: () => string | null,
    private readonly listener: Listener,
  ) {
    addEventListener('online', () => this.hurry());
    document.addEventListener('visibilitychange', () => document.hidden || this.hurry());
  }

  /** Connects, or connects anew as somebody else. */
  connect(): void {
    this.close();
    this.isWanted = true;
    const url = new URL(this.address, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const token = this.purchaseToken();
    if (token) url.searchParams.set('purchaseToken', token);
    const socket = new WebSocket(url);
    this.socket = socket;
    this.watchSilence();
    socket.onmessage = (event) => socket === this.socket && this.heard(String(event.data));
    socket.onclose = (event) => socket === this.socket && this.lost(event.reason);
  }

  private heard(text: string): void {
    this.watchSilence();
    const message = JSON.parse(text) as LiveMessage;
    if (message.type === 'snapshot') {
      this.failures = 0;
      this.listener.connected(true);
    }
    this.listener.hear(message);
  }

  private lost(reason: string): void {
    this.close();
    this.failures++;
    this.listener.connected(false);
    const waitMs = toldToWait(reason) ?? backoffMs(this.failures, 1_500, 30_000);
    this.timer = setTimeout(() => this.connect(), waitMs);
  }

  /** Nothing more will be told that anybody waits for. */
  end(): void {
    this.isWanted = false;
    this.close();
  }

  private hurry(): void {
    if (this.isWanted && !this.socket) this.connect();
  }

  private watchSilence(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(''), silenceMs);
  }

  private close(): void {
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }
}

/** A server that stops says when to come back. */
function toldToWait(reason: string): number | null {
  try {
    const ms = (JSON.parse(reason) as { retryAfterMs?: unknown }).retryAfterMs;
    return typeof ms === 'number' ? ms : null;
  } catch {
    return null;
  }
}
