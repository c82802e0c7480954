import type { Symbol } from '#shared/domain/instrument';
import { readList } from '../core/answer';
import { idOf, integerOf, textOf } from '../core/fields';
import { VenueError } from '../venue';
import type { Params } from './auth';
import type { Rest, RestCall } from './rest';
import { toWireSymbol } from './symbols';

const CROSS = 2;

/** The leverage of each contract, which every opening order has to name. */
export class Leverages {
  readonly #rest: Rest;
  readonly #known = new Map<Symbol, number>();

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** As last set or read; asked for where it is not known. @throws VenueError */
  known(symbol: Symbol): number | Promise<number> {
    return this.#known.get(symbol) ?? this.ask(symbol);
  }

  /**
   * What the account has set. Both directions are told; in one-way mode they agree, and where they do not the higher one
   * counts, which is the more careful figure.
   * @throws VenueError
   */
  async ask(symbol: Symbol): Promise<number> {
    const params = { symbol: toWireSymbol(symbol) };
    const data = await this.#rest.ask({
      family: 'contract',
      method: 'GET',
      path: 'position/leverage',
      params,
    });
    const rows = readList(data, 'GET leverage', (row) => ({
      leverage: integerOf(row, 'leverage'),
      cross: row.openType === CROSS,
    }));
    const crossed = rows.filter(({ cross }) => cross);
    const leverage = Math.max(0, ...(crossed.length > 0 ? crossed : rows).map((row) => row.leverage));
    if (leverage < 1) throw new VenueError('bad-answer', `GET leverage: no leverage of ${symbol}`);
    this.#known.set(symbol, leverage);
    return leverage;
  }

  /** With a position its id is named, without one each direction is set by itself. @throws VenueError */
  async set(symbol: Symbol, leverage: number): Promise<void> {
    const wire = toWireSymbol(symbol);
    const open = await this.#rest.ask({
      family: 'contract',
      method: 'GET',
      path: 'position/open_positions',
      params: { symbol: wire },
    });
    const held = readList(open ?? [], 'GET open_positions', (row) => ({
      symbol: textOf(row, 'symbol'),
      id: idOf(row, 'positionId'),
    })).filter((row) => row.symbol === wire);
    const bodies: Params[] =
      held.length > 0
        ? held.map(({ id }) => ({ positionId: id, leverage }))
        : [1, 2].map((positionType) => ({ symbol: wire, leverage, openType: CROSS, positionType }));
    this.#known.delete(symbol);
    for (const params of bodies) {
      const call: RestCall = { family: 'contract', method: 'POST', path: 'position/change_leverage', params };
      const answer = await this.#rest.send(call);
      if (answer.kind !== 'ok') throw this.#rest.toError(answer, call);
    }
    this.#known.set(symbol, leverage);
  }
}
