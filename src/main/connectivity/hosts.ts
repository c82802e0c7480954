import type { Clock } from '#main/seams/seams';
import type { CircuitState } from '#shared/domain/connection';
import { createBreaker } from './breaker';
import type { Limits } from './limits';

/** Which of a link's hosts to dial next, and whether its circuit lets us. */
export interface Hosts {
  /** The host in turn, or the next one whose circuit is closed; when all are open, the one to be probed first. */
  choose(): { readonly host: string; readonly waitMs: number };
  /** An attempt on the host begins. */
  tried(host: string): void;
  /** It never went live (`dead`), or not for long. A dead one loses its turn. */
  failed(host: string, dead: boolean): void;
  held(host: string): void;
  circuit(host: string): CircuitState;
  /** Back to the host of choice, with every circuit closed. */
  reset(): void;
}

/** `names` in order of preference; without any, the one host that the protocol's address names by itself. */
export function createHosts(clock: Clock, breaker: Limits['breaker'], names: readonly string[] = []): Hosts {
  const make = () =>
    (names.length === 0 ? [''] : names).map((host) => ({ host, circuit: createBreaker(clock, breaker) }));
  let all = make();
  let turn = 0;
  const find = (host: string) => all.find((one) => one.host === host);

  return {
    choose() {
      const inTurn = [...all.slice(turn), ...all.slice(0, turn)];
      const best = inTurn.reduce((best, one) => (one.circuit.waitMs() < best.circuit.waitMs() ? one : best));
      return { host: best.host, waitMs: best.circuit.waitMs() };
    },
    tried(host) {
      find(host)?.circuit.tried();
      turn = Math.max(
        0,
        all.findIndex((one) => one.host === host),
      );
    },
    failed(host, dead) {
      find(host)?.circuit.failed();
      if (dead) turn = (turn + 1) % all.length;
    },
    held: (host) => find(host)?.circuit.held(),
    circuit: (host) => find(host)?.circuit.state() ?? 'closed',
    reset() {
      all = make();
      turn = 0;
    },
  };
}
