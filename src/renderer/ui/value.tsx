import { useLayoutEffect, useRef } from 'react';
import type { Decimal, UnixMs } from '#shared/domain/basics';
import { type Clocks, useClocks } from '../state/clock';
import { useScreen } from '../state/screen';
import {
  directionOf,
  durationText,
  minuteText,
  momentText,
  signedText,
  timeText,
  UNKNOWN,
  utcText,
} from './format';

const FLASH_MS = 300;
const FLASH_EVERY_MS = 250;

/** Text that lights up once when its value changes, at most four times a second, not at all when motion is unwanted. */
export function Flash(props: { value: number | null; text: string; className?: string }) {
  const element = useRef<HTMLSpanElement>(null);
  const last = useRef({ value: props.value, at: 0 });
  useLayoutEffect(() => {
    const before = last.current.value;
    last.current.value = props.value;
    if (before === null || props.value === null || before === props.value) return;
    const now = performance.now();
    if (now - last.current.at < FLASH_EVERY_MS) return;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    last.current.at = now;
    const colour = props.value > before ? 'var(--up)' : 'var(--down)';
    element.current?.animate(
      [
        { backgroundColor: `color-mix(in srgb, ${colour} 32%, transparent)` },
        { backgroundColor: 'transparent' },
      ],
      { duration: FLASH_MS, easing: 'ease-out' },
    );
  }, [props.value]);
  return (
    <span ref={element} className={`flash ${props.className ?? ''}`}>
      {props.text}
    </span>
  );
}

/** A gain or loss: its sign always stands, its colour only repeats it. */
export function Signed(props: { value: Decimal | null; places: number; unit?: string }) {
  const text = signedText(props.value, props.places);
  return (
    <span className={`num ${directionOf(text)}`}>
      {text}
      {props.unit !== undefined && props.value !== null ? `\u2009${props.unit}` : ''}
    </span>
  );
}

/** How long ago, ticking. `clock` says which of the two clocks `at` was read from. */
export function Age(props: { at: UnixMs | null; clock: keyof Clocks; ago?: boolean }) {
  const clocks = useClocks();
  if (props.at === null || clocks === null) return <span>{UNKNOWN}</span>;
  const text = durationText(clocks[props.clock] - props.at);
  return <span title={utcText(props.at)}>{props.ago ? `${text} ago` : text}</span>;
}

/** A time in the chosen zone with UTC in its tooltip. */
export function Time(props: { at: UnixMs | null; show?: 'time' | 'minute' | 'moment' }) {
  const zone = useScreen((screen) => screen.zone);
  const text = { time: timeText, minute: minuteText, moment: momentText }[props.show ?? 'time'](
    props.at,
    zone,
  );
  return (
    <span className="num" title={utcText(props.at)}>
      {text}
    </span>
  );
}
