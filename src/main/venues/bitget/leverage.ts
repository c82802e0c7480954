import type { Symbol } from '#shared/domain/instrument';
import { readAnswer } from '../core/answer';
import { integerOf } from '../core/fields';
import { VenueError } from '../venue';
import { type Rest, signedGet, signedPost } from './rest';
import { MARGIN_COIN, PRODUCT, toWireSymbol } from './symbols';

const named = (symbol: Symbol) => ({
  symbol: toWireSymbol(symbol),
  productType: PRODUCT.future,
  marginCoin: MARGIN_COIN,
});

/** @throws VenueError */
export async function setLeverage(rest: Rest, symbol: Symbol, leverage: number): Promise<void> {
  const call = signedPost('v2/mix/account/set-leverage', { ...named(symbol), leverage: String(leverage) });
  const answer = await rest.send(call);
  if (answer.kind !== 'ok') throw rest.toError(answer, call);
}

/**
 * The leverage that is really set for the symbol.
 * {"marginCoin":"USDT","crossedMarginLeverage":20,"isolatedLongLever":20,"marginMode":"crossed","posMode":"one_way_mode",…}
 * @throws VenueError also for isolated margin, of which each side has a leverage of its own
 */
export async function askLeverage(rest: Rest, symbol: Symbol): Promise<number> {
  const path = 'v2/mix/account/account';
  const data = await rest.ask(signedGet(path, named(symbol)));
  return readAnswer(data, `GET ${path}`, (fields) => {
    if (fields.marginMode !== 'crossed')
      throw new VenueError(
        'refused',
        `${symbol} is set to isolated margin; switch it to cross margin on Bitget`,
      );
    const leverage = integerOf(fields, 'crossedMarginLeverage');
    if (leverage < 1) throw new VenueError('bad-answer', `GET ${path}: no leverage of ${symbol}`);
    return leverage;
  });
}
