import type { Candle } from '#shared/domain/market';
import { useScreen } from '../../state/screen';
import { directionOf, momentText, numberText, signedNumberText, utcText } from '../../ui/format';
import type { Mark } from './marks';

/** Time, open, high, low, close, change and volume of the candle under the crosshair, else of the newest. */
export function Legend(props: { candle: Candle; decimals: number; base: string; marks: readonly Mark[] }) {
  const { candle, decimals } = props;
  const zone = useScreen((screen) => screen.zone);
  const change = candle.open === 0 ? null : ((candle.close - candle.open) / candle.open) * 100;
  const changeText = signedNumberText(change, 2);
  const price = (value: number) => numberText(value, decimals);
  return (
    <div className="legend num">
      <div>
        <span className="soft" title={utcText(candle.openTime)}>
          {momentText(candle.openTime, zone).slice(0, -3)}
        </span>
        <Part name="O" value={price(candle.open)} />
        <Part name="H" value={price(candle.high)} />
        <Part name="L" value={price(candle.low)} />
        <Part name="C" value={price(candle.close)} />
        <span className={directionOf(changeText)}>{changeText} %</span>
        <Part
          name="Vol"
          value={`${numberText(candle.volume, candle.volume >= 1000 ? 0 : 2)} ${props.base}`}
        />
      </div>
      {props.marks.slice(0, 4).map((mark) => (
        <div key={mark.id}>{mark.words}</div>
      ))}
    </div>
  );
}

const Part = (props: { name: string; value: string }) => (
  <span>
    <span className="hint">{props.name}</span> {props.value}
  </span>
);
