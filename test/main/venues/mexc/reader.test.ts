import { describe, expect, it } from 'vitest';
import { mexc } from '#main/venues/mexc/index';
import { decodeInstruments } from '#main/venues/mexc/symbols';
import { ProtocolError } from '#main/venues/venue';
import { factsOf, framesOf } from './fixture';
import { CONTRACTS, START } from './world';

const now = () => START;

describe('frames of MEXC, told', () => {
  it.each(['spot', 'future'] as const)('M-289 says what every documented %s frame says', (market) => {
    const reader = mexc.reader(market, { now });
    expect(framesOf(market).flatMap((frame) => reader.read(frame))).toEqual(factsOf(market));
  });
  it('M-288 tells every trade of a batch', () => {
    const facts = mexc.reader('future', { now }).read(framesOf('future')[0]!);
    expect(facts.map((fact) => fact.type)).toEqual(['trade', 'trade']);
  });
  it('counts contracts in base units once the exchange’s list is known, and says so while it is not', () => {
    const instruments = decodeInstruments(CONTRACTS, 'future');
    const [trade] = mexc.reader('future', { now, instruments }).read(framesOf('future')[0]!);
    expect(trade).toMatchObject({ type: 'trade', amount: '0.0004' });
    expect(trade).not.toHaveProperty('unit');
    const [untold] = mexc.reader('future', { now }).read(framesOf('future')[0]!);
    expect(untold).toMatchObject({ amount: '4', unit: 'contract' });
  });
  it('M-286 makes no cost of contracts whose size is unknown', () => {
    const frame = framesOf('future').find((one) => String(one).includes('order.deal'))!;
    expect(mexc.reader('future', { now }).read(frame)).toMatchObject([{ type: 'fill', cost: null }]);
    const instruments = decodeInstruments(CONTRACTS, 'future');
    expect(mexc.reader('future', { now, instruments }).read(frame)).toMatchObject([
      { amount: '0.0002', cost: '10' },
    ]);
  });
  it('says unknown of a whole frame that nobody understands, and throws for a broken one', () => {
    const future = mexc.reader('future', { now });
    expect(future.read('{"channel":"push.brand.new","data":{}}')).toMatchObject([{ type: 'unknown' }]);
    for (const broken of ['{"channel":"push.de', '{}{}', new Uint8Array([31, 139, 8])])
      expect(() => future.read(broken)).toThrow(ProtocolError);
    const spot = mexc.reader('spot', { now });
    expect(() => spot.read(new Uint8Array([31, 139, 8]))).toThrow(ProtocolError);
    expect(() => spot.read('{"id":0')).toThrow(ProtocolError);
  });
  it('shows no name for a symbol it cannot spell', () => {
    const frame =
      '{"channel":"push.fair.price","symbol":"币安人生_USDT","data":{"symbol":"x","price":1},"ts":1731137509138}';
    expect(mexc.reader('future', { now }).read(frame)).toMatchObject([{ type: 'mark_price', symbol: null }]);
  });
});
