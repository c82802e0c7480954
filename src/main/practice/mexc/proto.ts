import { createRequire } from 'node:module';
import { MEXC_FRAME, type ProtoMessage } from '#shared/protocol/mexc-spot';

/** What we use of protobufjs; it is read from the disk by the first spot frame. */
interface Writer {
  uint32(value: number): Writer;
  int32(value: number): Writer;
  int64(value: number): Writer;
  bool(value: boolean): Writer;
  string(value: string): Writer;
  fork(): Writer;
  ldelim(): Writer;
  finish(): Uint8Array;
}
type WriterClass = { create(): Writer };
let loaded: WriterClass | null = null;

function writerClass(): WriterClass {
  loaded ??= (createRequire(import.meta.url)('protobufjs/minimal') as { Writer: WriterClass }).Writer;
  return loaded;
}

type Values = Readonly<Record<string, unknown>>;

/** One frame as bytes. Like proto3, it leaves out what is zero, false or empty. */
export function encodeFrame(values: unknown): Uint8Array {
  const writer = writerClass().create();
  writeMessage(writer, MEXC_FRAME, values as Values);
  return writer.finish();
}

function writeMessage(writer: Writer, message: ProtoMessage, values: Values): void {
  for (const [number, { name, kind, repeated }] of Object.entries(message)) {
    const value = values[name];
    if (value === undefined || value === null) continue;
    for (const one of repeated ? (value as unknown[]) : [value]) {
      const tag = Number(number) << 3;
      if (typeof kind === 'object') {
        writer.uint32(tag | 2).fork();
        writeMessage(writer, kind, one as Values);
        writer.ldelim();
      } else if (kind === 'string') {
        if (one !== '') writer.uint32(tag | 2).string(String(one));
      } else if (one !== 0 && one !== false) {
        writer.uint32(tag);
        if (kind === 'bool') writer.bool(one === true);
        else if (kind === 'int32') writer.int32(Number(one));
        else writer.int64(Number(one));
      }
    }
  }
}
