import type { Symbol } from '#shared/domain/instrument';
import { readAnswer } from '../core/answer';
import { positiveOrNull } from '../core/fields';
import { VenueError } from '../venue';
import { CATEGORY } from './endpoints';
import type { Rest, RestCall } from './rest';
import { toWireSymbol } from './symbols';

/** "leverage not modified": it is as it should be. */
const NOT_MODIFIED = 110_043;

/** Sets the leverage of both sides. @throws VenueError */
export async function setLeverage(rest: Rest, symbol: Symbol, leverage: number): Promise<void> {
  const text = String(leverage);
  const params = {
    category: CATEGORY.future,
    symbol: toWireSymbol(symbol),
    buyLeverage: text,
    sellLeverage: text,
  };
  const call: RestCall = { access: 'signed', method: 'POST', path: 'position/set-leverage', params };
  const answer = await rest.send(call);
  if (answer.kind === 'ok' || (answer.kind === 'refused' && answer.code === NOT_MODIFIED)) return;
  throw rest.toError(answer, call);
}

/** The leverage that is really set for the symbol, position or not. @throws VenueError */
export async function askLeverage(rest: Rest, symbol: Symbol): Promise<number> {
  const wire = toWireSymbol(symbol);
  const params = { category: CATEGORY.future, symbol: wire };
  const rows = await rest.pages({ access: 'signed', method: 'GET', path: 'position/list', params });
  const row = rows.find((one) => one.symbol === wire);
  if (row === undefined) throw new VenueError('bad-answer', `GET position/list: nothing of ${wire}`);
  return readAnswer(row, 'GET position/list', (fields) => {
    const set = positiveOrNull(fields, 'leverage');
    if (set === null) throw new VenueError('bad-answer', `GET position/list: no leverage of ${wire}`);
    return Number(set);
  });
}
