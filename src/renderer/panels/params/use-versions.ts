import { useCallback, useEffect, useState } from 'react';
import type { ParamsRow } from '#shared/contract/params';
import type { ParamsVersion } from '#shared/domain/params';
import { whyRefused } from '../../state/keys';
import { paramsVersions } from '../../state/params-time';

/** Versions of an exchange's params, newest first; read again when its row changes. */
export function useVersions(row: ParamsRow): {
  readonly versions: readonly ParamsVersion[] | null;
  readonly total: number;
  readonly trouble: string | null;
  readonly reload: () => void;
} {
  const [state, setState] = useState<{
    versions: readonly ParamsVersion[] | null;
    total: number;
    trouble: string | null;
  }>({ versions: null, total: 0, trouble: null });
  const [again, setAgain] = useState(0);
  const { exchange } = row.effective;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed row means a new version
  useEffect(() => {
    let stale = false;
    paramsVersions(exchange).then(
      (page) => !stale && setState({ versions: page.rows, total: page.total, trouble: null }),
      (error) => !stale && setState((before) => ({ ...before, trouble: whyRefused(error) })),
    );
    return () => {
      stale = true;
    };
  }, [exchange, row, again]);
  return { ...state, reload: useCallback(() => setAgain((count) => count + 1), []) };
}
